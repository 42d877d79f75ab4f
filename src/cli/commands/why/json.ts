import type { StepDecision } from '../../../replay/index.ts';
import { jsonText } from '../../../trace/text/escape.ts';
import type {
  Answer,
  Attempt,
  Candidate,
  Gone,
  HeldGroup,
  Interval,
  Place,
} from '../../../why/index.ts';
import type { Quoted } from './quote.ts';

function place({ step, line, at, event, basis }: Place): object {
  const { expect: _, source: __, ...rest } = event;
  return { step, line, at, event: rest, basis };
}

function decisions(all: readonly StepDecision[]): object[] {
  return all.map(({ fn, file, rule, says, evidence }) => ({
    ...{ fn, file, rule, says },
    ...(evidence === undefined ? {} : { evidence }),
  }));
}

function interval(each: Interval): object {
  const { from, to, holder, streams, owner, listedIn, list, flags, by, isClaimed } = each;
  return {
    from: place(from),
    to: to === null ? null : place(to),
    holder,
    streams: [...streams],
    ...{ owner, listedIn, list, flags, isClaimed },
    by: decisions(by),
  };
}

function gone({ standing, at, by }: Gone): object {
  return { id: standing.id, at: place(at), by: decisions(by) };
}

function since(privateSince: Candidate['privateSince']): object | null {
  if (privateSince === null) return null;
  return { at: place(privateSince.place), by: decisions(privateSince.by) };
}

function candidate({ id, verdict, by, mux, now, privateSince }: Candidate): object {
  return {
    ...{ id, verdict, mux },
    by: decisions(by),
    held: interval(now),
    privateSince: since(privateSince),
  };
}

function attempt(each: Attempt): object {
  const { sess, target, outcome, differs, goneCount, left } = each;
  const { kind, ret, reused, conn } = outcome;
  return {
    at: place(each.place),
    ...{ sess, target },
    outcome: { kind, ret, reused, conn },
    differs: differs.map(({ field, expected, actual }) => ({ field, expected, actual })),
    decisions: decisions(each.decisions),
    candidates: each.candidates.map(candidate),
    gone: each.gone.map(gone),
    goneCount,
    left: left === null ? null : place(left),
  };
}

function group({ target, holder, list, isPrivate, conns, sessions }: HeldGroup): object {
  return {
    ...{ target, holder, list, isPrivate },
    sessions: [...sessions].map(([session, number]) => ({ session, conns: number })),
    conns: conns.map(({ id, made, now }) => ({ id, made: place(made), held: interval(now) })),
  };
}

function plain(answer: Answer): object {
  if (answer.kind === 'request') {
    return { kind: answer.kind, id: answer.id, attempts: answer.attempts.map(attempt) };
  }
  if (answer.kind === 'held') {
    return { kind: answer.kind, steps: answer.steps, groups: answer.groups.map(group) };
  }
  const { kind, id, target, mux, made, intervals, privateSince } = answer;
  return {
    ...{ kind, id, target, mux },
    made: place(made),
    intervals: intervals.map(interval),
    privateSince: since(privateSince),
    gone: answer.gone === null ? null : gone(answer.gone),
  };
}

/** An answer as one JSON object; `capture` holds the lines that it rests on, by their numbers. */
export function whyJson(answer: Answer, rules: string, quoted: Quoted | null): string {
  const capture = quoted === null ? {} : { capture: Object.fromEntries(quoted) };
  return `${jsonText({ why: 1, rules, ...plain(answer), ...capture }, 2)}\n`;
}
