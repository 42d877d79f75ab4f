import type { Config, Header } from '../format/index.ts';
import { formatLine } from '../trace/index.ts';
import type { HaproxyConfig } from './config/model.ts';
import { type CaptureLine, type Prefix, readCaptureLine } from './lines/capture-line.ts';
import { headerOf, isMuxKind, readRecord } from './lines/reading.ts';
import { newerShape, type Shape } from './lines/shape.ts';
import { LINE_MAX, LineSplitter } from './lines/splitter.ts';
import { endStory, loseRecords } from './story/gaps.ts';
import { ReceivedHeaders } from './story/headers.ts';
import { takeCheck, takeRecord } from './story/records.ts';
import { takeMaintenance } from './story/release.ts';
import { type Here, Story } from './story/story.ts';
import { takeLog } from './story/take-log.ts';
import { headerOfTrace } from './trace/header.ts';
import { TraceNames } from './trace/names.ts';
import { settingOf } from './trace/setting.ts';
import { TraceWriter } from './trace/writer.ts';

/** Lines by what they are. */
export interface LineCounts {
  total: number;
  records: number;
  logs: number;
  /** Of other sources than those that are read. */
  unread: number;
  /** HAProxy's own messages, and whatever else. */
  others: number;
  cut: number;
  /** Of other processes than the one that is imported. */
  foreign: number;
}

/** How a capture is read. */
export interface ImportOptions {
  /** What the configuration says; null without one. */
  readonly config: HaproxyConfig | null;
  /** The process whose lines are read, where lines say it; null for the first one. */
  readonly pid: string | null;
  readonly keepAddresses: boolean;
}

/** Milliseconds that a clock may step back, or records may overtake each other. */
const CLOCK_MS = 1000;
/** Other processes that are named. */
const FOREIGN_MAX = 100;

/** Reads a capture, bytes by bytes, and hands on the lines of a trace but for its header. */
export class Importer {
  readonly lines: LineCounts = {
    total: 0,
    records: 0,
    logs: 0,
    unread: 0,
    others: 0,
    cut: 0,
    foreign: 0,
  };
  readonly story: Story;
  readonly names: TraceNames;
  readonly writer: TraceWriter;
  /** The version that a banner in the capture names. */
  version: string | null = null;
  /** The oldest version whose lines have the shape of those that were read. */
  shape: Shape = '2.2';
  readonly #splitter: LineSplitter;
  readonly #headers: ReceivedHeaders;
  readonly #config: Config;
  /** The process that is imported, by the prefix of its lines, and as log lines name it. */
  #pid: string | null;
  #logPid: string | null = null;
  readonly #foreign = new Set<string>();
  /** Another file begins, and the time of the last line of the one before. */
  #isNextFile = false;
  #lastAt: number | null = null;
  /** Lines in a row that say that records were lost. */
  #lost: { readonly first: number; readonly count: number } | null = null;

  constructor({ config, pid, keepAddresses }: ImportOptions, write: (line: string) => void) {
    this.#config = config?.header ?? {};
    this.#pid = pid;
    this.names = new TraceNames(this.#config);
    this.writer = new TraceWriter(this.names, write);
    this.story = new Story(settingOf(config, keepAddresses), (draft) => this.writer.take(draft));
    this.#headers = new ReceivedHeaders();
    this.#splitter = new LineSplitter((text, line) => this.#line(text, line));
  }

  /** Takes the next bytes, which may be used again afterwards. */
  write(chunk: Uint8Array): void {
    this.#splitter.write(chunk);
    this.story.queue.settle();
  }

  /** What follows is another file of the same run. */
  nextFile(): void {
    this.#isNextFile = true;
  }

  /** The capture is over. */
  end(): void {
    this.#splitter.end();
    this.lines.total++;
    this.#tellLost();
    this.lines.total--;
    endStory(this.story, this.#splitter.count);
  }

  /** Line 1 of the trace, once the capture is over. */
  header(rules: string, title: string): string {
    const header: Header = headerOfTrace(this, this.#config, rules, title);
    return `${formatLine(header)}\n`;
  }

  #line(text: string, line: number): void {
    this.lines.total = line;
    if (text.length >= LINE_MAX) {
      this.#tellLost();
      this.lines.cut++;
      loseRecords(this.story, line, line, 'the line is longer than any that HAProxy writes');
      return;
    }
    const read = readCaptureLine(text);
    if (read.kind === 'lost') {
      this.#lose(read.count, line);
      return;
    }
    this.#tellLost();
    if (read.kind === 'more') {
      const header = headerOf(read.text);
      if (header !== null) this.#headers.add(header);
      return;
    }
    if (read.kind === 'trace' || read.kind === 'log') {
      if (this.#isForeign(read.prefix, line)) return;
      this.#take(read, line);
    } else this.#takeOther(read, line);
  }

  /** The sink says that it lost records, often in several lines. */
  #lose(count: number, line: number): void {
    this.#lost = { first: this.#lost?.first ?? line, count: (this.#lost?.count ?? 0) + count };
  }

  #tellLost(): void {
    const lost = this.#lost;
    if (lost === null) return;
    this.#lost = null;
    const what = lost.count === 1 ? '1 record was lost' : `${lost.count} records were lost`;
    loseRecords(this.story, lost.first, this.lines.total - 1, what);
  }

  #takeOther(read: CaptureLine, line: number): void {
    if (read.kind === 'cut') {
      this.lines.cut++;
      loseRecords(this.story, line, line, 'the line is cut');
    } else {
      if (read.kind === 'version') this.version ??= read.version;
      else if (read.kind === 'maintenance') {
        takeMaintenance(this.story, { line, at: null, thread: this.story.thread(0) }, read);
      }
      this.lines.others++;
    }
  }

  #take(read: Extract<CaptureLine, { readonly kind: 'trace' | 'log' }>, line: number): void {
    const { at } = read.prefix;
    if (at !== null) this.#seeTime(at, line);
    if (read.kind === 'log') {
      this.lines.logs++;
      this.#seeLogPid(read.log.pid, line);
      const thread = this.story.thread(read.log.thread);
      takeLog(this.story, { line, at, thread }, read.log);
      return;
    }
    const here: Here = { line, at, thread: this.story.thread(read.thread) };
    if (read.source === 'check') takeCheck(here, read.text);
    else if (isMuxKind(read.source)) {
      this.lines.records++;
      const reading = readRecord(read.source, read.text);
      this.shape = newerShape(this.shape, read, reading);
      this.#headers.before(reading, read.text);
      takeRecord(this.story, here, reading);
      this.#headers.after(this.story, reading);
    } else this.lines.unread++;
  }

  /** The files of a run stand in their order: one that is older than what came before does not. */
  #seeTime(at: number, line: number): void {
    const before = this.#lastAt;
    this.#lastAt = at;
    if (!this.#isNextFile) return;
    this.#isNextFile = false;
    if (before === null || at >= before - CLOCK_MS) return;
    const what = 'this file is older than what stands before: rotated files are given oldest first';
    loseRecords(this.story, line, line, what);
  }

  /** Whether a line is of another process than the one that is imported. */
  #isForeign({ pid }: Prefix, line: number): boolean {
    if (pid === null) return false;
    this.#pid ??= pid;
    if (pid === this.#pid) return false;
    this.lines.foreign++;
    if (!this.#foreign.has(pid) && this.#foreign.size < FOREIGN_MAX) {
      this.#foreign.add(pid);
      this.story.gap(
        line,
        line,
        `process ${pid} writes here as well: its lines are left out; --pid ${pid} imports them`,
      );
    }
    return true;
  }

  /** A log line of another process, in a capture whose records do not say whose they are. */
  #seeLogPid(pid: string | null, line: number): void {
    if (pid === null || this.#pid !== null) return;
    this.#logPid ??= pid;
    if (pid === this.#logPid) return;
    this.#logPid = pid;
    const number = Number.parseInt(pid, 16);
    loseRecords(
      this.story,
      line,
      line,
      `process ${number} writes from here on: whose the records are that follow no line says`,
    );
  }
}
