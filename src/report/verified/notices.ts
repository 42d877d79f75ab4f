import { escapeControl } from '../../trace/text/escape.ts';
import { type Placed, unreadNotice } from '../formats/notices.ts';
import type { Descriptor } from '../formats/sarif.ts';
import { type VerifiedTrace, type VerifyReport, verdictLine } from './result.ts';

/** One thing that a report of traces on a real program has to say about a place. */
export interface VerifiedNotice extends Placed {
  /** `problem`: something could not be judged; `refusal`: no test can make it happen. */
  readonly kind: 'difference' | 'refusal' | 'problem';
  /** What results of the kind have in common. */
  readonly descriptor: Descriptor;
}

const DESCRIPTORS = {
  unknown: { id: 'differs', text: 'the program does something else than the model' },
  known: {
    id: 'differs.known',
    text: 'the program does something else, for a reason that is known',
  },
  refusal: { id: 'not-exportable', text: 'no test script can make it happen' },
  problem: { id: 'not-judged', text: 'what the program does could not be seen' },
} as const;

function described(name: keyof typeof DESCRIPTORS): Descriptor {
  const { id, text } = DESCRIPTORS[name];
  return { id, shortDescription: { text } };
}

/** What is worth a word of a trace; null where it is as predicted. */
export function traceNotice(trace: VerifiedTrace): VerifiedNotice | null {
  const { path, verdict } = trace;
  const text = escapeControl(verdictLine(trace));
  const whole = { path, line: null, column: null, text };
  switch (verdict.kind) {
    case 'as-predicted':
      return null;
    case 'differs': {
      const isKnown = verdict.reason !== null;
      const descriptor = described(isKnown ? 'known' : 'unknown');
      const level = isKnown ? 'warning' : 'error';
      return {
        ...whole,
        kind: 'difference',
        level,
        line: verdict.line,
        title: 'differs',
        descriptor,
      };
    }
    case 'not-exportable': {
      const { line, column } = verdict;
      const title = 'not exportable';
      const about = { kind: 'refusal', level: 'note', title } as const;
      return { ...whole, ...about, line, column, descriptor: described('refusal') };
    }
    default: {
      const title = verdict.kind === 'invalid' ? 'invalid trace' : 'not reached';
      return { ...whole, kind: 'problem', level: 'error', title, descriptor: described('problem') };
    }
  }
}

/** Paths that stand for no trace. */
export function unreadNotices({ unread }: VerifyReport): VerifiedNotice[] {
  return unread.map((each) => {
    const { path, line, column, title, text } = unreadNotice(each);
    const place = { path, line, column, title, text };
    return { ...place, kind: 'problem', level: 'error', descriptor: described('problem') };
  });
}

/** All that is worth a word, in the order of the traces. */
export function noticesOf(report: VerifyReport): VerifiedNotice[] {
  return [...unreadNotices(report), ...report.traces.flatMap((trace) => traceNotice(trace) ?? [])];
}
