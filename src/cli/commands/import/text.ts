import type { HaproxyConfig, Importer } from '../../../import/index.ts';
import { block, count, flow, sentence, text } from '../../../report/text/layout.ts';
import type { Palette } from '../../../report/text/palette.ts';
import { escapeControl } from '../../../trace/text/escape.ts';
import { type Agreement, otherTexts } from './auto.ts';

/** Gaps that are told one by one. */
const GAPS_TOLD = 10;
/** Columns of a label. */
const LABEL = 9;

/** How the summary is laid out, and what it rests on besides the capture. */
export interface SummaryOptions {
  readonly config: HaproxyConfig | null;
  readonly rules: string;
  /** Why these rules, in words. */
  readonly why: string;
  /** How far each rule set agrees, where all were tried. */
  readonly tried: readonly Agreement[];
  readonly palette: Palette;
  readonly width: number;
}

function* lineParts({ lines, story }: Importer): Generator<string> {
  yield `${count(lines.total, 'line')}: ${count(lines.records, 'record')}, ${count(lines.logs, 'log line')}`;
  if (lines.unread > 0) yield `${count(lines.unread, 'record')} of other sources, passed over`;
  if (lines.others > 0) yield `${count(lines.others, 'other line')}, passed over`;
  if (lines.foreign > 0) yield `${count(lines.foreign, 'line')} of other processes, left out`;
  if (story.fromLog > 0) yield `${count(story.fromLog, 'stream')} told by the log line alone`;
}

/** Names that are told one by one. */
const NAMED_MAX = 3;

/** What lines name and a configuration does not: a server that was added, or another configuration. */
function strangers({ names }: Importer, { header }: HaproxyConfig): string[] {
  const unknown = (named: Iterable<string>, declared: object | undefined): string[] =>
    [...named].filter((name) => !Object.hasOwn(declared ?? {}, name));
  return [
    ...unknown(names.frontends, header.frontends).map((name) => `frontend ${name}`),
    ...unknown(names.servers, header.servers).map((name) => `server ${name}`),
  ];
}

/** What nothing says and the trace says all the same. */
function* guessParts(importer: Importer, config: HaproxyConfig | null): Generator<string> {
  const { names, story, writer } = importer;
  if (config === null) {
    yield 'no configuration was given: http-reuse, limits and protocols are taken for the defaults';
  }
  const others = config === null ? [] : strangers(importer, config);
  if (others.length > 0) {
    const more = others.length > NAMED_MAX ? ` and ${others.length - NAMED_MAX} more` : '';
    yield `the configuration does not name ${others.slice(0, NAMED_MAX).join(', ')}${more}, which the capture does: unless they were added at run time it is another one's`;
  }
  if (names.guessedTargets > 0) {
    yield `the server of ${count(names.guessedTargets, 'connection')} is guessed, as no log line and no other names it`;
  }
  if (names.guessedFrontends > 0) {
    yield `the frontend of ${count(names.guessedFrontends, 'session')} is guessed, as no log line names it`;
  }
  if (config?.hasSni) {
    yield 'sni depends on the request, which no line shows: connections with different names look alike';
  }
  if (config !== null && config.waits.length > 0) {
    yield `streams may wait (${config.waits.slice(0, 3).join(', ')}): which one connects is less sure then`;
  }
  if (story.untold > 0) {
    yield `${count(story.untold, 'stream')} that reached no connection, by the log line, left out`;
  }
  if (writer.leftOut > 0) {
    yield `${count(writer.leftOut, 'event')} that cannot have happened after the others, left out`;
  }
  if (story.queue.forced > 0) {
    yield `${count(story.queue.forced, 'event')} written before all was known, as too many were held back`;
  }
}

function linesText([first, last]: readonly [number, number]): string {
  return first === last ? `line ${first}` : `lines ${first}-${last}`;
}

/** What became of a capture: what was read, how sure the events are, what is missing. */
export function summaryText(importer: Importer, options: SummaryOptions): string {
  const { config, rules, why, tried, palette, width } = options;
  const { counts, total } = importer.writer;
  const { s, t, c } = importer.names.counts;
  const layout = { width, indent: LABEL + 2, gap: 1 };
  const line = (label: string, says: string): string =>
    flow(text(`  ${label.padEnd(LABEL)}`, palette.faint), sentence(escapeControl(says)), layout);
  const told = [
    line('read', [...lineParts(importer)].join('; ')),
    line('told', `${count(s, 'session')}, ${count(t, 'stream')}, ${count(c, 'connection')}`),
    line(
      'events',
      `${total}: ${counts.observed} observed, ${counts.inferred} inferred, ${counts.guessed} guessed`,
    ),
    line('rules', `${rules}, ${why}`),
    ...[...otherTexts(tried)].map((says) => line('others', says)),
    ...[...guessParts(importer, config)].map((says) => line('assumed', says)),
    ...(config?.problems ?? []).map((problem) =>
      line('unread', `${problem.path}:${problem.line}: ${problem.what}`),
    ),
    ...importer.story.gaps
      .slice(0, GAPS_TOLD)
      .map(({ lines, what }) => line('gap', `${linesText(lines)}: ${what}`)),
  ];
  const more = importer.story.gapCount - GAPS_TOLD;
  if (more > 0) told.push(line('gap', `and ${more} more; the header of the trace names them`));
  return block(told);
}
