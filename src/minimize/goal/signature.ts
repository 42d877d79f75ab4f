import { LEAK_SAYS } from '../../engine/invariants/leak.ts';
import type { InvariantName } from '../../format/index.ts';

/** The modelled program ends: it crashes, or aborts. */
export interface EndSignature {
  readonly kind: 'crash' | 'abort';
  readonly site: string;
}

/** What a trace shows, and what every smaller one has to show as well. */
export type Signature =
  /** A step differs from what the trace expects. */
  | {
      readonly kind: 'divergence';
      /** The first field that differs, with `*` for an id: `conn.*.owner`. */
      readonly field: string;
      /** Id of the rule that decided it; null when none did. */
      readonly rule: string | null;
    }
  /** An event cannot have happened. */
  | {
      readonly kind: 'impossible';
      readonly event: string;
      /** Why, with `*` for ids and numbers. */
      readonly reason: string;
    }
  | EndSignature
  /** A step leaves a connection that nothing finds any more. */
  | { readonly kind: 'leak' }
  /** A step breaks an invariant. */
  | { readonly kind: 'broken'; readonly invariant: InvariantName };

/** A signature as an object of a sentence: `crash in session_check_idle_conn(NULL)`. */
export function signatureText(signature: Signature): string {
  switch (signature.kind) {
    case 'divergence':
      return `divergence of ${signature.field}${decided(signature.rule)}`;
    case 'impossible':
      return `impossible ${signature.event} (${signature.reason})`;
    case 'crash':
    case 'abort':
      return `${signature.kind} in ${signature.site}`;
    case 'leak':
      return 'a connection without a stream, in no list, and of no live session';
    case 'broken':
      return `broken promise ${signature.invariant}`;
  }
}

/** A signature as a sentence, the title of a trace that is about nothing else. */
export function signatureTitle(signature: Signature): string {
  switch (signature.kind) {
    case 'divergence':
      return `${signature.field} is not as expected${decided(signature.rule)}`;
    case 'impossible':
      return `${signature.event} cannot have happened: ${signature.reason}`;
    case 'crash':
    case 'abort':
      return `The program ${signature.kind}${signature.kind === 'crash' ? 'es' : 's'} in ${signature.site}`;
    case 'leak':
      return LEAK_SAYS;
    case 'broken':
      return `A step breaks the promise ${signature.invariant}`;
  }
}

function decided(rule: string | null): string {
  return rule === null ? '' : `, decided by ${rule}`;
}
