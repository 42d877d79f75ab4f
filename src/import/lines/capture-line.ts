import { LOG_MARK, type LogLine, readLogLine } from './log-line.ts';
import { versionIn } from './version.ts';

/** What stands before a line of HAProxy's own. */
export interface Prefix {
  /** Milliseconds since 1970, of whichever clock; null without a time that has a date. */
  readonly at: number | null;
  /** The process, in decimal digits; null where nothing says it. */
  readonly pid: string | null;
}

/** A line of a capture, by what it is. */
export type CaptureLine =
  | {
      readonly kind: 'trace';
      readonly prefix: Prefix;
      readonly thread: number;
      /** `h1`, `h2`, `fcgi`, `check`, or any other source. */
      readonly source: string;
      readonly level: number;
      readonly text: string;
    }
  | { readonly kind: 'log'; readonly prefix: Prefix; readonly log: LogLine }
  /** Goes on with the record before. */
  | { readonly kind: 'more'; readonly text: string }
  /** The sink lost so many records here. */
  | { readonly kind: 'lost'; readonly count: number }
  | { readonly kind: 'version'; readonly version: string }
  /** A server, `backend/server`, enters or leaves maintenance. */
  | { readonly kind: 'maintenance'; readonly server: string; readonly enters: boolean }
  /** A record or a log line that is cut in the middle. */
  | { readonly kind: 'cut' }
  | { readonly kind: 'other' };

const NO_PREFIX: Prefix = { at: null, pid: null };
const OTHER: CaptureLine = { kind: 'other' };
const CUT: CaptureLine = { kind: 'cut' };

const BRACKET = /\[(\d{2,})\|([a-z0-9_-]+)\|(\d)\|[^\]|]{1,40}\] /;
const CUT_BRACKET = /\[\d{2,}\|[a-z0-9_-]+(?:\|[^\]]{0,40})?$/;
const TIME = /(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?)/;
/** `haproxy[77]: ` of BSD syslog and journald; `host haproxy 77 - ` of RFC 5424. */
const PID = /[\w.-]\[(\d+)\]: |T\d\d:\d\d:\d\d\S* \S+ [\w.-]+ (\d+) \S+ /;
const ESCAPE = '\u001b';
const COLORS = new RegExp(`${ESCAPE}\\[[0-9;?]*[A-Za-z]`, 'g');
const LOST = /(?:^|[\s:>])(\d+) events? dropped\s*$/;
/** A message of HAProxy's own: `Server b/s1 is going DOWN for maintenance`, `… is UP/READY (…)`. */
const MAINTENANCE =
  /\bServer ([^\s/]+\/\S+) is (?:going DOWN for maintenance|(UP)\/READY \(leaving)/;
/** Where a prefix stands before each line of a record, what shows that it goes on. */
const MORE = /(?:^|[:\]>] ?)\t+(?: htx=|\[\d+\] type=)/;

/** Most characters before a record: what is further behind is a part of something else. */
const PREFIX_MAX = 300;

function readPrefix(text: string): Prefix {
  if (text === '') return NO_PREFIX;
  const time = TIME.exec(text)?.[1];
  const at = time === undefined ? Number.NaN : Date.parse(time);
  const found = PID.exec(text);
  const pid = found?.[1] ?? found?.[2] ?? null;
  return { at: Number.isNaN(at) ? null : at, pid };
}

/** What a line of a capture is. It never throws. */
export function readCaptureLine(line: string): CaptureLine {
  if (line === '' || line.charCodeAt(0) === 9) return { kind: 'more', text: line };
  const text = line.includes(ESCAPE) ? line.replace(COLORS, '') : line;
  const mark = text.indexOf(LOG_MARK);
  const bracket = text.includes('|') ? BRACKET.exec(text) : null;
  if (bracket !== null && bracket.index <= PREFIX_MAX && (mark < 0 || bracket.index < mark)) {
    const [head, thread = '', source = '', level] = bracket;
    return {
      kind: 'trace',
      prefix: readPrefix(text.slice(0, bracket.index)),
      thread: Number(thread),
      source,
      level: Number(level),
      text: text.slice(bracket.index + head.length),
    };
  }
  if (mark >= 0 && mark <= PREFIX_MAX) {
    const log = readLogLine(text.slice(mark));
    return log === null ? CUT : { kind: 'log', prefix: readPrefix(text.slice(0, mark)), log };
  }
  return readRare(text);
}

function readRare(text: string): CaptureLine {
  if (MORE.test(text)) return { kind: 'more', text: text.slice(text.indexOf('\t')) };
  const lost = LOST.exec(text)?.[1];
  if (lost !== undefined) return { kind: 'lost', count: Number(lost) };
  const maintenance = MAINTENANCE.exec(text);
  if (maintenance !== null) {
    const [, server = '', what] = maintenance;
    return { kind: 'maintenance', server, enters: what === undefined };
  }
  const version = versionIn(text);
  if (version !== null) return { kind: 'version', version };
  return CUT_BRACKET.test(text) ? CUT : OTHER;
}
