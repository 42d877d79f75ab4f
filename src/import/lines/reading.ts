/** Muxes whose records are read. */
export const MUX_KINDS = ['h1', 'h2', 'fcgi'] as const;
/** One of them. */
export type MuxKind = (typeof MUX_KINDS)[number];

/** Whether records of a source are read. */
export function isMuxKind(source: string): source is MuxKind {
  return (MUX_KINDS as readonly string[]).includes(source);
}

/** `F` the client's side, `B` the server's. */
export type Side = 'F' | 'B';

/** What a record of a mux says. Pointers are hexadecimal digits, flags numbers. */
export class Reading {
  /** The function that prints; empty for a bare message. */
  fn = '';
  /** The message, with whatever follows in its line. */
  message = '';
  side: Side | null = null;
  mux: string | null = null;
  /** `FRH`, …: of the mux, of H2 only. */
  muxState: string | null = null;
  stream: string | null = null;
  /** Of the stream, of H1 only. */
  streamFlags: number | null = null;
  /** Of the stream, of H2 and FastCGI. */
  streamId: number | null = null;
  connFlags: number | null = null;
  /** How far the H1 request and the response are. */
  requestState: string | null = null;
  responseState: string | null = null;
  /** Name of the frontend, the backend or `backend/server`, where one is printed. */
  frontend: string | null = null;
  backend: string | null = null;
  target: string | null = null;
  /** Bytes that wait to be sent, where that is printed. */
  pending: number | null = null;
  /** The id and what comes behind it of an H2 message, or what stands in quotes. */
  headId: number | null = null;
  head: string | null = null;

  constructor(readonly kind: MuxKind) {}
}

const H1_SIDE = / : \[([FB])[\],]/;
const H1_STATES = /\] \[(MSG_[A-Z_0-9]+), (MSG_[A-Z_0-9]+)\]/;
const H1_STREAM = /^([0-9a-f]+)\(0x([0-9a-f]+)\)/;
const CONN_FLAGS = /^[0-9a-f]+\(0x([0-9a-f]+)\)/;
const OUTPUT = /^(\d+)@/;
const H2_MUX = /^([0-9a-f]+)\(([FB])(?:=([^,()]*))?(?:,([A-Z0-9]+))?/;
const ID_STREAM = /^([0-9a-f]+)\((\d+),[A-Z0-9]+/;
const H2_HEAD = /^ : \[(\d+)\] H2 RE[QS]: (.*)$/;
const H2_FRONTEND = / conn=0x[0-9a-f]+\(IN\) fe=(\S+)/;
const H2_TARGET = / conn=0x[0-9a-f]+\(OUT\) sv=([^\s/]+)\/(\S+)/;
const FCGI_MUX = /^([0-9a-f]+)/;
/** Enough of a text for what stands behind a mark: pointer, name, state, flags. */
const VALUE_MAX = 400;

/** What a pattern finds right behind a mark, from a place on. */
function behind(text: string, mark: string, from: number, pattern: RegExp): RegExpExecArray | null {
  const at = text.indexOf(mark, from);
  if (at < 0) return null;
  const start = at + mark.length;
  return pattern.exec(text.slice(start, start + VALUE_MAX));
}

function hex(digits: string | undefined): number | null {
  return digits === undefined ? null : Number.parseInt(digits, 16) >>> 0;
}

/** What every record begins with. */
function begin(r: Reading, text: string): void {
  const end = text.indexOf('(): ');
  if (end > 0 && end < 40 && !text.slice(0, end).includes(' ')) {
    r.fn = text.slice(0, end);
    r.message = text.slice(end + 4);
  } else r.message = text;
}

/** What stands in quotes, which may hold anything. */
function quoted(text: string, end: number): string | null {
  const from = text.indexOf(' - "');
  const to = text.lastIndexOf('"', end);
  return from >= 0 && to > from + 4 ? text.slice(from + 4, to) : null;
}

function readH1(r: Reading, text: string): void {
  // What is quoted may hold anything, so that the details are those behind it.
  const at = text.lastIndexOf(' - h1c=0x');
  if (at < 0) return;
  const side = H1_SIDE.exec(text);
  if (side === null || side.index > at) return;
  r.side = side[1] as Side;
  const states = H1_STATES.exec(text.slice(side.index, Math.min(at, side.index + VALUE_MAX)));
  r.requestState = states?.[1] ?? null;
  r.responseState = states?.[2] ?? null;
  const open = text.indexOf('(', at);
  r.mux = text.slice(at + 9, open < 0 ? text.length : open);
  r.connFlags = hex(behind(text, ' conn=0x', at, CONN_FLAGS)?.[1]);
  const stream = behind(text, ' h1s=0x', at, H1_STREAM);
  r.stream = stream?.[1] ?? null;
  r.streamFlags = hex(stream?.[2]);
  const output = behind(text, ' obuf=', at, OUTPUT);
  r.pending = output === null ? null : Number(output[1]);
  if (r.message.startsWith('rcvd ')) r.head = quoted(text, at);
}

function readH2(r: Reading, text: string): void {
  const mux = behind(text, 'h2c=0x', 0, H2_MUX);
  if (mux === null) return;
  r.mux = mux[1] ?? null;
  r.side = mux[2] as Side;
  r.muxState = mux[4] ?? null;
  if (r.side === 'F') r.frontend = mux[3] ?? null;
  else r.backend = mux[3] ?? null;
  let details = text;
  if (r.fn === '' && (r.message.startsWith('rcvd ') || r.message.startsWith('sent '))) {
    const at = text.search(/ : \[\d+\] H2 RE[QS]: /);
    const head = at < 0 ? null : H2_HEAD.exec(text.slice(at));
    if (head !== null) {
      r.headId = Number(head[1]);
      r.head = head[2] ?? null;
      details = text.slice(0, at);
    }
  }
  const stream = behind(details, ' h2s=0x', 0, ID_STREAM);
  if (stream !== null) {
    r.stream = stream[1] ?? null;
    r.streamId = Number(stream[2]);
  }
  if (!details.includes(' conn=0x')) return;
  r.frontend = H2_FRONTEND.exec(details)?.[1] ?? r.frontend;
  const target = H2_TARGET.exec(details);
  if (target === null) return;
  r.backend = target[1] ?? null;
  r.target = `${target[1]}/${target[2]}`;
}

function readFcgi(r: Reading, text: string): void {
  r.side = 'B';
  const at = text.lastIndexOf(' - fconn=0x');
  if (at < 0) return;
  r.mux = behind(text, ' - fconn=0x', at, FCGI_MUX)?.[1] ?? null;
  const stream = behind(text, ' fstrm=0x', at, ID_STREAM);
  if (stream !== null) {
    r.stream = stream[1] ?? null;
    r.streamId = Number(stream[2]);
  }
  if (r.message.startsWith('rcvd ')) r.head = quoted(text, at);
}

/** What the text of a record says, from behind its bracket on. It never throws. */
export function readRecord(kind: MuxKind, text: string): Reading {
  const r = new Reading(kind);
  begin(r, text);
  if (kind === 'h1') readH1(r, text);
  else if (kind === 'h2') readH2(r, text);
  else readFcgi(r, text);
  return r;
}

const RESPONSE = /^HTTP\/\d(?:\.\d)? (\d{3})/;

/** The status of a response head, `HTTP/1.1 401 X`; null where it has none. */
export function statusOf(head: string | null): number | null {
  const digits = head === null ? undefined : RESPONSE.exec(head)?.[1];
  return digits === undefined ? null : Number(digits);
}

/** A header that the muxes print: `\t\t[1] type=HTX_BLK_HDR … addr=38\tname: value`, `rcvh name: value`. */
const BLOCK = /^\t+\[\d+\] type=HTX_BLK_HDR .*?addr=\d+\s+([^\s:]+): ?(.*)$/;
const RECEIVED = / rcvh ([^\s:]+): ?(.*)$/;

/** A header of a line, or null. */
export function headerOf(text: string): { readonly name: string; readonly value: string } | null {
  const found = BLOCK.exec(text) ?? RECEIVED.exec(text);
  return found === null ? null : { name: found[1] ?? '', value: found[2] ?? '' };
}
