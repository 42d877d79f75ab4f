import { ruleSetNames } from '../../../engine/index.ts';
import { Replay } from '../../../replay/index.ts';
import { count } from '../../../report/text/layout.ts';
import { TraceReader } from '../../../trace/index.ts';
import { breathe } from '../../streams/breathe.ts';

/** How far a rule set agrees with a trace. */
export interface Agreement {
  readonly rules: string;
  readonly divergences: number;
  /** The first step that diverges, and in what; null where none does. */
  readonly first: { readonly step: number; readonly field: string } | null;
}

/** Takes a whole trace under a rule set. */
async function agreementOf(
  rules: string,
  parts: () => Iterable<string>,
  stop: AbortSignal,
): Promise<Agreement> {
  let first: Agreement['first'] = null;
  const replay = new Replay(
    '',
    { record: 'nothing', rules },
    {
      start() {},
      step({ number, divergences: [divergence] }) {
        if (divergence !== undefined) first ??= { step: number, field: divergence.field };
      },
    },
  );
  const reader = new TraceReader('', {
    header: (header, line) => replay.header(header, line),
    event: (event, line) => replay.event(event, line),
    problem: () => {},
  });
  const encoder = new TextEncoder();
  for (const part of parts()) {
    reader.write(encoder.encode(part));
    await breathe(stop);
  }
  reader.end();
  return { rules, divergences: replay.end().divergences, first };
}

/**
 * How far each rule set agrees with a trace, the best first: of those that agree as well the one
 * that is likely, else the newest.
 *
 * @param parts of the trace's text, from its beginning each time
 * @param likely the rule set of the version that is known or guessed
 */
export async function agreements(
  parts: () => Iterable<string>,
  likely: string,
  stop: AbortSignal,
): Promise<readonly Agreement[]> {
  const found: Agreement[] = [];
  for (const rules of ruleSetNames()) found.unshift(await agreementOf(rules, parts, stop));
  const rank = ({ rules }: Agreement): number => (rules === likely ? 0 : 1);
  return found.sort((a, b) => a.divergences - b.divergences || rank(a) - rank(b));
}

/** What the others come to, as many in a row as come to the same. */
export function* otherTexts([, ...others]: readonly Agreement[]): Generator<string> {
  const groups = new Map<string, string[]>();
  for (const { rules, divergences, first } of others) {
    const place = first === null ? '' : `, first at step ${first.step} (${first.field})`;
    const says = `${count(divergences, 'divergence')}${place}`;
    const names = groups.get(says);
    if (names === undefined) groups.set(says, [rules]);
    else names.push(rules);
  }
  for (const [says, names] of groups) yield `${names.join(', ')}: ${says}`;
}
