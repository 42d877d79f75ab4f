import { Buffer } from 'node:buffer';
import { type Header, TRACE_FORMAT, type TraceEvent } from '../format/index.ts';
import { EventScanner } from './bytes/event-scanner.ts';
import { isObject, REJECTED } from './check/acceptor.ts';
import { checkNames } from './check/declarations.ts';
import { References } from './check/references.ts';
import { acceptEvent, explainEvent, explainHeader } from './check/validate.ts';
import { captureHint, isCapture } from './text/capture.ts';
import { countKeyColons } from './text/colons.ts';
import { ENDLESS_LINE_BYTES, LineSplitter, type UnreadableLine } from './text/lines.ts';
import { isComment, wordSyntax } from './text/not-json.ts';
import { endlessLine, Patience } from './text/patience.ts';
import type { LineProblem, Problem } from './text/problem.ts';
import { offsetInString, Place, type Scan, type SyntaxProblem, scan } from './text/scanner.ts';
import { SpreadLines } from './text/spread-lines.ts';
import { type Issue, quote } from './text/wording.ts';

const OPENING_BRACE = 0x7b;
const CR = 0x0d;
const LF = 0x0a;
const BLANK = /^[ \t\r]*$/;
const EVENTS_HINT =
  'events follow the header, each on a line of its own, e.g. {"event":"session_new","sess":"s1","fe":"fe"}';
const HEADER_HINT = `the first line is the header, {"trace":"${TRACE_FORMAT}", …}`;

/** Receives what a trace holds, in the order of its lines. */
export interface TraceSink {
  /** What is wrong with a header whose form is valid, if anything is that the reader cannot know. */
  faults?(header: Header): readonly Issue[];
  /** The header, if it is valid; before every event. */
  header(header: Header, line: number): void;
  /** An event in which nothing is wrong: the value that the line says, without defaults. */
  event(event: TraceEvent, line: number): void;
  /** Something wrong; a trace with a problem is not fit for replay, but reading goes on. */
  problem(problem: Problem): void;
}

/**
 * Reads a trace as its bytes come: write() any chunks, then end(). Splits lines, validates each
 * against the schemas of the format and the rules that reach over lines, and passes everything to
 * the sink at once. Memory is bounded for files of any size. No input makes it throw; what the sink
 * throws passes through.
 */
export class TraceReader {
  readonly #path: string;
  readonly #sink: TraceSink;
  readonly #lines: LineSplitter;
  readonly #scanner = new EventScanner();
  #references = new References(null);
  readonly #patience = new Patience();
  #started = false;
  #hasHeader = false;
  /** The line of the header. */
  #headerLine = 1;
  /** That the header is not where it belongs was told. */
  #isHeaderTold = false;
  /** A line was taken for an event, or was one. */
  #hasEvents = false;
  #problems = 0;
  /** What could not be read of the lines so far goes on in the next ones. */
  #spread = new SpreadLines();
  #ended = false;
  #bytes = 0;

  /** `path` names the trace in problems. */
  constructor(path: string, sink: TraceSink) {
    this.#path = path;
    this.#sink = sink;
    this.#lines = new LineSplitter({
      bytes: (bytes, at, line) => this.#usualLine(bytes, at, line),
      line: (text, line, colons, open) => {
        this.#line(text, line, colons, open);
        this.#goOn(line, text.length);
      },
      unreadable: (line) => this.#unreadable(line),
      endless: (line) => this.#stop(endlessLine(line, ENDLESS_LINE_BYTES)),
    });
  }

  /** Takes the next bytes of the file; they may be reused afterwards. */
  write(chunk: Uint8Array): void {
    this.#bytes += chunk.length;
    this.#lines.write(chunk);
  }

  /**
   * The file has ended. Nothing more is read after that.
   *
   * @param isJudged that nothing happens in a trace is a problem: there is nothing to judge
   */
  end(isJudged = false): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#lines.end();
    if (this.#started && (!isJudged || this.#hasEvents || this.#problems > 0)) return;
    if (this.#started) {
      const what = 'the trace has no events: there is nothing to judge';
      this.#problem({ line: this.#headerLine, column: 1, what, allowed: EVENTS_HINT });
      return;
    }
    if (this.#problems > 0) return;
    const what = this.#bytes === 0 ? 'the file is empty' : 'the file holds nothing but blank lines';
    this.#problem({ line: 1, column: 1, what, allowed: HEADER_HINT });
  }

  /** Whether the rest of the file is of no interest: it has ended, or more than enough is wrong. */
  get done(): boolean {
    return this.#lines.stopped;
  }

  /** An event of the usual spelling in which nothing is wrong; -1 for everything else. */
  #usualLine(bytes: Buffer, at: number, line: number): number {
    if (!this.#started) return -1;
    const event = this.#scanner.scan(bytes, at);
    if (event === null) return -1;
    const { end } = this.#scanner;
    const lineFeed = bytes[end] === CR ? end + 1 : end;
    if (bytes[lineFeed] !== LF) return -1;
    this.#hasEvents = true;
    const issues = this.#references.check(event);
    if (issues.length === 0) this.#sink.event(event, line);
    else this.#tell(issues, bytes.toString('latin1', at, end), line);
    if (this.#problems > 0) {
      this.#spread.end();
      this.#goOn(line, end - at);
    }
    return lineFeed;
  }

  #line(text: string, line: number, colons: number, open: boolean): void {
    if (text.charCodeAt(0) !== OPENING_BRACE && BLANK.test(text)) return;
    if (this.#spread.takes(text)) {
      this.#references.assume(text);
      return;
    }
    const bare = this.#spread.withoutArray(text);
    let value: unknown;
    try {
      value = JSON.parse(bare);
    } catch {
      this.#notJson(bare, line, open);
      return;
    }
    if (!this.#hasHeader && !this.#hasEvents && (!this.#started || isHeader(value))) {
      this.#first(value, bare, line);
    } else this.#event(value, bare, line, colons);
  }

  /** The first line that is not blank: the header, or else a problem. */
  #first(value: unknown, text: string, line: number): void {
    this.#started = true;
    this.#patience.begin();
    this.#headerLine = line;
    if (isObject(value) && Object.hasOwn(value, 'event') && !Object.hasOwn(value, 'trace')) {
      const what = 'the trace has no header';
      this.#problem({ line, column: 1, what, allowed: HEADER_HINT });
      this.#isHeaderTold = true;
      this.#event(value, text, line, Number.NaN);
      return;
    }
    this.#hasHeader = true;
    const issues = explainHeader(value);
    const header = issues.length === 0 ? (value as Header) : null;
    const names = header === null ? [] : checkNames(header);
    if (header !== null) issues.push(...names, ...(this.#sink.faults?.(header) ?? []));
    const sound = this.#tell(issues, text, line) === 0;
    // What is told here would be told again by each event that names it as it should be.
    this.#references = new References(names.length === 0 ? header : null);
    if (header !== null && sound) this.#sink.header(header, line);
  }

  #event(value: unknown, text: string, line: number, colons: number): void {
    this.#hasEvents = true;
    const keys = acceptEvent(value);
    if (keys === REJECTED) {
      this.#noEvent(value, text, line);
      return;
    }
    // As many colons as keys leave no room for a key that JSON.parse dropped as a duplicate.
    if (keys !== colons && keys !== countKeyColons(text) && this.#tell([], text, line) > 0) {
      this.#references.assume(text);
      return;
    }
    // The acceptor was derived from the schemas that the type is inferred from.
    const event = value as TraceEvent;
    const issues = this.#references.check(event);
    if (issues.length === 0) this.#sink.event(event, line);
    else this.#tell(issues, text, line);
  }

  #noEvent(value: unknown, text: string, line: number): void {
    if (!isHeader(value)) {
      this.#tell(explainEvent(value), text, line);
      this.#references.assume(text);
      return;
    }
    if (!this.#isHeaderTold) {
      const what = this.#hasHeader ? 'a second header' : 'the header comes too late';
      const allowed = 'a file holds one trace, and its header is the first line';
      this.#problem({ line, column: 1, what, allowed });
    }
    this.#isHeaderTold = false;
    this.#hasHeader = true;
    // Most likely two traces were put together: what follows is judged by its own header.
    const valid = explainHeader(value).length === 0;
    this.#references = new References(valid ? (value as Header) : null);
  }

  #notJson(text: string, line: number, open: boolean): void {
    // A comment is not the first line; nor is it known whether another one was to be the header.
    if (!this.#started && isCapture(text)) {
      const what = 'this is a capture of what HAProxy printed, and no trace';
      this.#stop({ line, column: 1, what, allowed: captureHint(this.#path) });
      return;
    }
    if (!isComment(text)) this.#started = true;
    this.#hasHeader ||= text.includes(TRACE_FORMAT);
    if (this.#notText(text, line)) return;
    const bare = text.endsWith('\r') ? text.slice(0, -1) : text;
    const array = this.#spread.open(bare);
    const { syntax } = array === null ? scan(bare) : { syntax: array };
    if (syntax !== null) {
      const isEnd = syntax.offset === bare.length;
      if (isEnd && !open) this.#spread.begin();
      const cut = open && isEnd;
      const { offset, what, allowed } = wordSyntax(bare, syntax);
      this.#problem({
        line,
        column: offset + 1,
        what: cut ? 'the file ends in the middle of a line' : what,
        allowed: cut ? `it was cut short: ${syntax.allowed}` : allowed,
      });
    }
    this.#references.assume(text);
  }

  #unreadable(unreadable: UnreadableLine): void {
    this.#started = true;
    const { text, ...problem } = unreadable;
    if (this.#notText(text, problem.line)) return;
    this.#problem(problem);
    this.#references.assume(text);
    this.#goOn(problem.line, text.length);
  }

  /** A NUL byte gives a binary file away: one problem, and the rest is not read. */
  #notText(text: string, line: number): boolean {
    const nul = text.indexOf('\0');
    if (nul === -1) return false;
    this.#lines.stop();
    const what = 'not a text file: it has a NUL byte';
    const hint = isWide(text) ? '; this looks like UTF-16: save it as UTF-8' : '';
    const allowed = `a trace is UTF-8 text, one JSON object per line${hint}`;
    this.#problem({ line, column: nul + 1, what, allowed });
    return true;
  }

  /** Reports issues, and duplicate keys, of one line by column; returns how many they were. */
  #tell(issues: readonly Issue[], text: string, line: number): number {
    const wanted = new Place();
    const places = issues.map((issue) => wanted.at(issue.path));
    const { syntax, duplicates } = scan(text, wanted);
    const problems = issues.map(({ on, at, what, allowed }, index): LineProblem => {
      const place = places[index];
      const start = Math.max((on === 'key' ? place?.keyAt : place?.valueAt) ?? 0, 0);
      const offset = at === undefined ? start : offsetInString(text, start, at);
      return { line, column: offset + 1, what, allowed };
    });
    problems.push(...duplicates.map((duplicate) => duplicateProblem(duplicate, line)));
    if (syntax !== null) problems.push(syntaxProblem(syntax, line));
    problems.sort((a, b) => a.column - b.column);
    for (const problem of problems) this.#problem(problem);
    return problems.length;
  }

  /** A line was read: stops where enough is wrong. */
  #goOn(line: number, length: number): void {
    if (this.#lines.stopped) return;
    const problem = this.#patience.ended(line, length);
    if (problem !== null) this.#stop(problem);
  }

  #stop(problem: LineProblem): void {
    this.#started = true;
    this.#lines.stop();
    this.#problem(problem);
  }

  #problem(problem: LineProblem): void {
    this.#problems++;
    this.#patience.problem(problem.line);
    this.#sink.problem({ path: this.#path, ...problem });
  }
}

/** Whether a text looks like UTF-16, read as bytes. */
function isWide(text: string): boolean {
  return /^.{0,6}(?:[ -~]\0){3}|^.{0,6}(?:\0[ -~]){3}/su.test(text.slice(0, 64));
}

function isHeader(value: unknown): boolean {
  return isObject(value) && Object.hasOwn(value, 'trace') && !Object.hasOwn(value, 'event');
}

function syntaxProblem({ offset, what, allowed }: SyntaxProblem, line: number): LineProblem {
  return { line, column: offset + 1, what, allowed };
}

function duplicateProblem(duplicate: Scan['duplicates'][number], line: number): LineProblem {
  const what = `the key ${quote(duplicate.key)} stands twice in one object`;
  const allowed = `it stands at column ${duplicate.first + 1} already`;
  return { line, column: duplicate.again + 1, what, allowed };
}

/** A trace read as a whole. */
export interface ReadTrace {
  /** Null when it is missing or invalid. */
  readonly header: Header | null;
  readonly events: readonly {
    readonly event: TraceEvent;
    readonly line: number;
  }[];
  readonly problems: readonly Problem[];
}

/** Reads a trace that is in memory, as bytes or as text; `path` names it in problems. */
export function readTrace(path: string, bytes: Uint8Array | string): ReadTrace {
  let header: Header | null = null;
  const events: { event: TraceEvent; line: number }[] = [];
  const problems: Problem[] = [];
  const reader = new TraceReader(path, {
    header: (value) => {
      header = value;
    },
    event: (event, line) => events.push({ event, line }),
    problem: (problem) => problems.push(problem),
  });
  reader.write(typeof bytes === 'string' ? Buffer.from(bytes) : bytes);
  reader.end();
  return { header, events, problems };
}
