import { type HaproxyConfig, Importer } from '../../../import/index.ts';
import { TraceReader } from '../../../trace/index.ts';
import { escapeControl } from '../../../trace/text/escape.ts';
import { suggestId, withSuggestion } from '../../../trace/text/suggest.ts';
import { basisOf } from '../../../why/index.ts';
import { readCaptures, titleOf } from '../../captures/read-captures.ts';
import { rulesOf } from '../../captures/rules-of.ts';
import { Spool } from '../../captures/spool.ts';
import { STDIN_ARGUMENT } from '../../files/paths.ts';
import { KnownError } from '../../outcome/errors.ts';
import type { Host } from '../../streams/host.ts';
import { type Quoted, Quoter } from './quote.ts';

/** Streams that are named where a text stands in the requests of several. */
const NAMED_MAX = 5;

/** What a run of the command goes by. */
export interface Running {
  readonly host: Host;
  readonly stop: AbortSignal;
}

/** Captures that are imported, whose lines can be looked up again. */
export class Captured {
  readonly importer: Importer;
  readonly #captures: readonly string[];
  readonly #config: HaproxyConfig | null;
  readonly #spool = new Spool();

  constructor(
    captures: readonly string[],
    importing: { readonly config: HaproxyConfig | null; readonly pid: string | null },
  ) {
    this.#captures = captures;
    this.#config = importing.config;
    this.importer = new Importer({ ...importing, keepAddresses: false }, (line) =>
      this.#spool.add(line),
    );
  }

  /** The trace that it has become, part by part. */
  *trace(): Generator<Uint8Array> {
    const encoder = new TextEncoder();
    const { rules } = rulesOf(this.importer, this.#config);
    yield encoder.encode(this.importer.header(rules, titleOf(this.#captures)));
    for (const part of this.#spool.read()) yield encoder.encode(part);
  }

  /** Nothing of it is needed any more. */
  close(): void {
    this.#spool.close();
  }

  /** Lines by their numbers; null where standard input has been read, and is gone. */
  async lines(wanted: readonly number[], running: Running): Promise<Quoted | null> {
    if (this.#captures.includes(STDIN_ARGUMENT)) return null;
    const quoter = new Quoter(wanted);
    if (wanted.length === 0) return quoter.lines;
    const says = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;
    await readCaptures(this.#captures, quoter, says, running);
    quoter.end();
    return quoter.lines;
  }

  /**
   * The stream that is meant by a name of its own, or by a part of its request or its log line.
   *
   * @throws KnownError where that is none or several
   */
  async streamNamed(name: string, running: Running): Promise<string> {
    const ids = new Set<string>();
    const byLine = new Map<number, string>();
    const reader = new TraceReader('', {
      header: () => {},
      event(event) {
        if (!('strm' in event)) return;
        ids.add(event.strm);
        const basis = basisOf(event);
        for (const line of [basis?.request, basis?.log]) {
          if (line != null) byLine.set(line, event.strm);
        }
      },
      problem: () => {},
    });
    for (const part of this.trace()) reader.write(part);
    reader.end();
    if (ids.has(name)) return name;
    const lines = await this.lines([...byLine.keys()], running);
    const found = new Map<string, number>();
    for (const [line, text] of lines ?? []) {
      const strm = byLine.get(line);
      if (strm !== undefined && !found.has(strm) && text.includes(name)) found.set(strm, line);
    }
    const [first] = found.keys();
    if (first !== undefined && found.size === 1) return first;
    throw found.size === 0 ? unknownRequest(name, ids, lines !== null) : several(name, found);
  }
}

function several(name: string, found: ReadonlyMap<string, number>): KnownError {
  const named = [...found].slice(0, NAMED_MAX).map(([strm, line]) => `${strm} (line ${line})`);
  const more = found.size > NAMED_MAX ? ` and ${found.size - NAMED_MAX} more` : '';
  return new KnownError(
    `--request ${escapeControl(name)}: ${found.size} requests have that in their lines: ${named.join(', ')}${more}; name one of them`,
  );
}

/** The error for a stream that no event names. */
export function unknownRequest(
  name: string,
  ids: ReadonlySet<string>,
  isSearched: boolean,
): KnownError {
  const lines = isSearched ? ', and no request or log line has it' : '';
  return unknownId('--request', name, ids, `no stream asks for a connection under that id${lines}`);
}

/** The error for an id that nothing has, with the nearest one, and where the ids range. */
export function unknownId(
  option: string,
  name: string,
  ids: ReadonlySet<string>,
  what: string,
): KnownError {
  const all = [...ids].map(escapeControl);
  const [first] = all;
  const last = all.at(-1);
  const range = all.length > 2 ? `${first} to ${last}` : all.join(' and ');
  const there = all.length === 0 ? 'there is none at all' : `there are ${all.length}: ${range}`;
  const meant = suggestId(name, ids);
  const near = withSuggestion(meant === null ? null : escapeControl(meant), there);
  return new KnownError(`${option} ${escapeControl(name)}: ${what}; ${near}`);
}
