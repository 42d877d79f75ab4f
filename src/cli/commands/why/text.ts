import type { Divergence, StepDecision } from '../../../replay/index.ts';
import { eventText } from '../../../report/parts/event.ts';
import { whyLines } from '../../../report/parts/why.ts';
import {
  block,
  count,
  flow,
  glue,
  type Item,
  sentence,
  type Text,
  text,
} from '../../../report/text/layout.ts';
import type { Palette } from '../../../report/text/palette.ts';
import { idWord, valueText } from '../../../report/text/value.ts';
import { escapeControl } from '../../../trace/text/escape.ts';
import type {
  Answer,
  Attempt,
  Candidate,
  ConnAnswer,
  Gone,
  Interval,
  Place,
} from '../../../why/index.ts';
import { heldText } from './held-text.ts';
import { linesOf, linesOfAttempt, linesOfEnd, type Quoted, shownIntervals } from './quote.ts';

/** How an answer is laid out, and what it can quote. */
export interface WhyLook {
  readonly width: number;
  readonly palette: Palette;
  /** Lines of the capture; null where there is no capture to be quoted. */
  readonly quoted: Quoted | null;
}

/** Columns of a label, with what stands before it. */
const LABEL = 12;
/** Connections that are told one by one. */
const CANDIDATES_SHOWN = 8;
const GONE_SHOWN = 3;
const NAMED_MAX = 5;
/** Columns of a quoted line, however narrow the terminal is. */
const QUOTED_MIN = 20;

function leadOf(label: string, palette: Palette): Text {
  return text(`  ${label.padEnd(LABEL - 3)} `, palette.faint);
}

function labelled(label: string, items: readonly Item[], { width, palette }: WhyLook): string {
  return flow(leadOf(label, palette), items, { width, indent: LABEL, gap: 1 });
}

function because(decisions: readonly StepDecision[], look: WhyLook): string[] {
  if (decisions.length === 0) return [];
  return whyLines(decisions, text(' '.repeat(LABEL)), look);
}

/** Where something happened: `at step 12 (line 13)`, with the time where the trace has one. */
function placeItems({ step, line, at }: Place): Item[] {
  const time = at === null ? '' : `, ${at} ms`;
  return sentence(`at step ${step} (line ${line} of the trace${time})`);
}

function names(ids: Iterable<string>, palette: Palette): Item[] {
  const all = [...ids];
  const items: Item[] = all.slice(0, NAMED_MAX).map((id) => [idWord(id, palette)]);
  return all.length <= NAMED_MAX
    ? items
    : [...items, ...sentence(`and ${all.length - NAMED_MAX} more`)];
}

/** How a connection is held, in words. */
function holdItems(now: Interval, palette: Palette): Item[] {
  const { holder, owner, listedIn, list, flags, streams } = now;
  const mark = flags.includes('PRIVATE') ? sentence('private,', palette.warn) : [];
  const owned =
    owner === null
      ? sentence('owned by nobody')
      : [...sentence('owned by'), [idWord(owner, palette)]];
  const where: Record<Interval['holder'], Item[]> = {
    stream: [...sentence('used by'), ...names(streams, palette)],
    session: [
      ...sentence('waits in the list of'),
      [idWord(listedIn ?? owner ?? 'nobody', palette)],
    ],
    pool: sentence(`waits in the pool, ${list}`),
    removal: sentence('waits to be removed'),
    nobody: sentence('in no list, and used by nobody', palette.bad),
  };
  const also = holder === 'stream' && list !== null ? sentence(`also in the pool, ${list},`) : [];
  return [...mark, ...where[holder], [text('—')], ...also, ...owned];
}

/** The lines of the capture that something rests on, quoted where they can be. */
function captureLines(numbers: readonly number[], certainty: string, look: WhyLook): string[] {
  if (numbers.length === 0) return [];
  const { palette, quoted } = look;
  if (quoted === null) {
    const which = numbers.length === 1 ? 'line' : 'lines';
    const says = `${which} ${numbers.join(', ')} of the capture, ${certainty}`;
    return [labelled('rests on', sentence(says), look)];
  }
  return numbers.flatMap((number, at) => {
    const mark = `${number}: `;
    const room = Math.max(QUOTED_MIN, look.width - LABEL - mark.length);
    return rowsOf(escapeControl(quoted.get(number) ?? ''), room).map((row, index) => {
      const lead = leadOf(at + index === 0 ? certainty : '', palette);
      const place = index === 0 ? mark : ' '.repeat(mark.length);
      return glue(lead, text(place, palette.faint), text(row)).painted;
    });
  });
}

/** A line of a capture as far as it has room: two rows, and a mark where there is more. */
function rowsOf(line: string, room: number): string[] {
  if (line.length <= room) return [line];
  const second = line.slice(room);
  const rest = second.length <= room ? second : `${second.slice(0, room - 1)}…`;
  return [line.slice(0, room), rest].map((row) => row.trimEnd());
}

function certaintyOf({ basis }: Place): string {
  return basis?.certainty ?? '';
}

function differenceItems({ field, expected, actual }: Divergence): Item[] {
  const says = `${field} is ${valueText(expected)}; by the rules it is ${valueText(actual)}`;
  return sentence(says);
}

/** Connections in short, by how they are held: `2 used, 1 private`. */
function tally(candidates: readonly Candidate[]): string {
  const counts = new Map<string, number>();
  for (const { verdict, now } of candidates) {
    const isPrivate = now.flags.includes('PRIVATE') ? 'private, ' : '';
    const held = { stream: 'in use', session: 'waiting for its session', pool: 'in the pool' };
    const how =
      now.holder === 'removal' || now.holder === 'nobody' ? 'in no list' : held[now.holder];
    const what = verdict === 'taken' ? 'taken' : `${isPrivate}${how}`;
    counts.set(what, (counts.get(what) ?? 0) + 1);
  }
  return [...counts].map(([what, number]) => `${number} ${what}`).join('; ');
}

function candidateLines(candidate: Candidate, look: WhyLook): string[] {
  const { id, verdict, by, now, privateSince } = candidate;
  const { palette } = look;
  const said = { taken: 'taken:', rejected: 'rejected:', unseen: 'not looked at:' }[verdict];
  const paint = verdict === 'taken' ? palette.good : palette.warn;
  const since =
    privateSince === null
      ? { place: now.from, by: now.by.slice(-1) }
      : { place: privateSince.place, by: privateSince.by.slice(0, 1) };
  const head = [
    ...sentence(said, paint),
    ...holdItems(now, palette),
    ...sentence(`since step ${since.place.step}`),
  ];
  const lead: Text = glue(text('  '), idWord(id, palette));
  const padded = glue(lead, text(' '.repeat(Math.max(1, LABEL - lead.columns))));
  return [
    flow(padded, head, { width: look.width, indent: LABEL, gap: 1 }),
    ...because(verdict === 'rejected' ? by : verdict === 'unseen' ? since.by : [], look),
  ];
}

function goneItems({ standing, at }: Gone, palette: Palette): Item[] {
  return [
    [idWord(standing.id, palette)],
    ...sentence(`at step ${at.step}, by`),
    ...eventText(at.event, palette),
  ];
}

/** What a request came to, in words. */
function gotItems({ outcome }: Attempt, palette: Palette): Item[] {
  const { kind, conn, reused, ret, crash, abort, impossible } = outcome;
  if (kind === 'impossible') return sentence(`nothing: ${impossible}`, palette.bad);
  if (kind !== 'done') return sentence(`the end of the program in ${crash ?? abort}`, palette.bad);
  if (conn === null) return sentence(`no connection: ${ret ?? 'nothing'}`, palette.bad);
  const failed = ret === null || ret === 'NONE' ? [] : sentence(`(${ret})`, palette.bad);
  return reused === true
    ? [[idWord(conn, palette)], ...sentence('which was there', palette.good), ...failed]
    : [...sentence('a new connection:', palette.warn), [idWord(conn, palette)], ...failed];
}

function attemptLines(id: string, attempt: Attempt, look: WhyLook): string[] {
  const { palette, width } = look;
  const { place, sess, target, differs, decisions, candidates, gone, goneCount } = attempt;
  const head = [
    ...sentence('of'),
    [idWord(sess, palette)],
    ...sentence('asked for a connection to'),
    [idWord(target, palette)],
    ...placeItems(place),
  ];
  const shown = candidates.slice(0, CANDIDATES_SHOWN);
  const others = candidates.slice(CANDIDATES_SHOWN);
  const there = count(candidates.length, 'connection');
  const says =
    candidates.length === 0 ? `${there} that was there` : `${there}: ${tally(candidates)}`;
  return [
    flow(glue(text('request '), idWord(id, palette), text(' ')), head, {
      width,
      indent: 2,
      gap: 1,
    }),
    labelled('got', gotItems(attempt, palette), look),
    ...differs.map((each) => labelled('but', differenceItems(each), look)),
    ...whyLines(decisions, leadOf('why', palette), look),
    labelled('of', sentence(says), look),
    ...shown.flatMap((candidate) => candidateLines(candidate, look)),
    ...(others.length === 0
      ? []
      : [labelled('', sentence(`and ${others.length} more: ${tally(others)}`), look)]),
    ...gone
      .slice(0, GONE_SHOWN)
      .map((each, at) => labelled(at === 0 ? 'gone' : '', goneItems(each, palette), look)),
    ...(goneCount > GONE_SHOWN
      ? [labelled('', sentence(`and ${goneCount - GONE_SHOWN} before`), look)]
      : []),
    ...captureLines(linesOfAttempt(attempt), certaintyOf(place), look),
  ];
}

/** `12–15`, or `16–` for an interval that lasts. */
function stepsText({ from, to }: Interval): string {
  const last = to === null ? '' : String(Math.max(from.step, to.step - 1));
  return last === String(from.step) ? last : `${from.step}–${last}`;
}

function intervalLines(interval: Interval, look: WhyLook): string[] {
  const { from, isClaimed, by } = interval;
  const claimed = isClaimed
    ? sentence('(as the trace says, not the rules)', look.palette.warn)
    : [];
  const items = [...holdItems(interval, look.palette), ...claimed];
  return [
    labelled(stepsText(interval), items, look),
    ...because(by.slice(-1), look),
    ...captureLines(linesOf(from), certaintyOf(from), look),
  ];
}

function connLines(answer: ConnAnswer, look: WhyLook): string[] {
  const { id, target, mux, made, intervals, privateSince, gone } = answer;
  const { palette, width } = look;
  const head = [
    ...sentence('to'),
    [idWord(target, palette)],
    ...sentence(`${mux === null ? '' : `over ${mux}, `}made`),
    ...placeItems(made),
    ...sentence('by'),
    ...eventText(made.event, palette),
  ];
  const { first, left, last } = shownIntervals(intervals);
  const between = `${left} more, which --reporter json tells`;
  const end =
    gone === null
      ? [labelled('end', sentence('it is alive at the end of the trace'), look)]
      : [
          labelled('freed', goneItems(gone, palette).slice(1), look),
          ...because(gone.by.slice(-1), look),
          ...captureLines(linesOfEnd(gone.at), certaintyOf(gone.at), look),
        ];
  return [
    flow(glue(text('connection '), idWord(id, palette), text(' ')), head, {
      width,
      indent: 2,
      gap: 1,
    }),
    ...(privateSince === null
      ? []
      : [
          labelled('private', sentence(`since step ${privateSince.place.step}`), look),
          ...because(privateSince.by.slice(0, 1), look),
          ...captureLines(linesOf(privateSince.place), certaintyOf(privateSince.place), look),
        ]),
    ...first.flatMap((interval) => intervalLines(interval, look)),
    ...(left === 0 ? [] : [labelled('…', sentence(between, palette.faint), look)]),
    ...last.flatMap((interval) => intervalLines(interval, look)),
    ...end,
  ];
}

/** An answer in words. */
export function whyText(answer: Answer, look: WhyLook): string {
  if (answer.kind === 'conn') return block(connLines(answer, look));
  if (answer.kind === 'held') return heldText(answer, look);
  return answer.attempts.map((attempt) => block(attemptLines(answer.id, attempt, look))).join('\n');
}
