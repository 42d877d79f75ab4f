import { Buffer } from 'node:buffer';
import { type Header, TRACE_FORMAT, type TraceEvent } from '../format/index.ts';
import { EventScanner } from './bytes/event-scanner.ts';
import { isObject, REJECTED } from './check/acceptor.ts';
import { checkNames } from './check/declarations.ts';
import { References } from './check/references.ts';
import { acceptEvent, explainEvent, explainHeader } from './check/validate.ts';
import { countKeyColons } from './text/colons.ts';
import { LineSplitter, type UnreadableLine } from './text/lines.ts';
import type { LineProblem, Problem } from './text/problem.ts';
import { offsetInString, Place, type Scan, type SyntaxProblem, scan } from './text/scanner.ts';
import { type Issue, quote } from './text/wording.ts';

const OPENING_BRACE = 0x7b;
const CR = 0x0d;
const LF = 0x0a;
const BLANK = /^[ \t\r]*$/;
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
  #started = false;
  #hasHeader = false;
  #ended = false;
  #bytes = 0;

  /** `path` names the trace in problems. */
  constructor(path: string, sink: TraceSink) {
    this.#path = path;
    this.#sink = sink;
    this.#lines = new LineSplitter({
      bytes: (bytes, at, line) => this.#usualLine(bytes, at, line),
      line: (text, line, colons, open) => this.#line(text, line, colons, open),
      unreadable: (line) => this.#unreadable(line),
    });
  }

  /** Takes the next bytes of the file; they may be reused afterwards. */
  write(chunk: Uint8Array): void {
    this.#bytes += chunk.length;
    this.#lines.write(chunk);
  }

  /** The file has ended. Nothing more is read after that. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#lines.end();
    if (this.#started) return;
    const what = this.#bytes === 0 ? 'the file is empty' : 'the file holds nothing but blank lines';
    this.#problem({ line: 1, column: 1, what, allowed: HEADER_HINT });
  }

  /** Whether the rest of the file is of no interest: it has ended, or it is no text. */
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
    const issues = this.#references.check(event);
    if (issues.length === 0) this.#sink.event(event, line);
    else this.#tell(issues, bytes.toString('latin1', at, end), line);
    return lineFeed;
  }

  #line(text: string, line: number, colons: number, open: boolean): void {
    if (text.charCodeAt(0) !== OPENING_BRACE && BLANK.test(text)) return;
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      this.#notJson(text, line, open);
      return;
    }
    if (!this.#started) this.#first(value, text, line);
    else this.#event(value, text, line, colons);
  }

  /** The first line that is not blank: the header, or else a problem. */
  #first(value: unknown, text: string, line: number): void {
    this.#started = true;
    if (isObject(value) && Object.hasOwn(value, 'event') && !Object.hasOwn(value, 'trace')) {
      const what = 'the trace has no header';
      this.#problem({ line, column: 1, what, allowed: HEADER_HINT });
      this.#event(value, text, line, Number.NaN);
      return;
    }
    this.#hasHeader = true;
    const issues = explainHeader(value);
    const header = issues.length === 0 ? (value as Header) : null;
    if (header !== null) issues.push(...checkNames(header), ...(this.#sink.faults?.(header) ?? []));
    const sound = this.#tell(issues, text, line) === 0;
    this.#references = new References(header);
    if (header !== null && sound) this.#sink.header(header, line);
  }

  #event(value: unknown, text: string, line: number, colons: number): void {
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
    const isHeader =
      isObject(value) && Object.hasOwn(value, 'trace') && !Object.hasOwn(value, 'event');
    if (!isHeader) {
      this.#tell(explainEvent(value), text, line);
      this.#references.assume(text);
      return;
    }
    const what = this.#hasHeader ? 'a second header' : 'the header comes too late';
    const allowed = 'a file holds one trace, and its header is the first line';
    this.#problem({ line, column: 1, what, allowed });
    this.#hasHeader = true;
    // Most likely two traces were put together: what follows is judged by its own header.
    const valid = explainHeader(value).length === 0;
    this.#references = new References(valid ? (value as Header) : null);
  }

  #notJson(text: string, line: number, open: boolean): void {
    this.#started = true;
    if (this.#notText(text, line)) return;
    const { syntax } = scan(text.endsWith('\r') ? text.slice(0, -1) : text);
    if (syntax !== null) {
      const cut = open && syntax.offset === text.length;
      this.#problem({
        line,
        column: syntax.offset + 1,
        what: cut ? 'the file ends in the middle of a line' : syntax.what,
        allowed: cut ? `it was cut short: ${syntax.allowed}` : syntax.allowed,
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
  }

  /** A NUL byte gives a binary file away: one problem, and the rest is not read. */
  #notText(text: string, line: number): boolean {
    const nul = text.indexOf('\0');
    if (nul === -1) return false;
    this.#lines.stop();
    const allowed = 'a trace is UTF-8 text, one JSON object per line';
    this.#problem({
      line,
      column: nul + 1,
      what: 'not a text file: it has a NUL byte',
      allowed,
    });
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

  #problem(problem: LineProblem): void {
    this.#sink.problem({ path: this.#path, ...problem });
  }
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
