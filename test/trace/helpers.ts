import { Buffer } from 'node:buffer';
import { formatProblem, readTrace, TraceReader } from '../../src/trace/index.ts';

/** A header that declares fe, b, b/srv and two threads. */
export const HEADER =
  '{"trace":"haproxy-ownership/1","config":{"nbthread":2,"frontends":{"fe":{}},"backends":{"b":{}},"servers":{"b/srv":{}}}}';

/** A session's start. */
export const SESSION = '{"event":"session_new","sess":"s1","fe":"fe"}';

/** A first connection of the session. */
export const CONNECT =
  '{"event":"connect_server","strm":"t1","sess":"s1","target":"b/srv","conn":"c1"}';

/** The problems of a text, each as `line:column: what; allowed`. */
export function problemsOf(text: string | Uint8Array): string[] {
  return readTrace('x', text).problems.map((problem) => formatProblem(problem).slice('x:'.length));
}

/** The problems of lines that follow the header. */
export function problemsAfterHeader(...lines: readonly string[]): string[] {
  return problemsOf([HEADER, ...lines].join('\n'));
}

/** Everything that a reader tells, as text, for bytes that come in the given pieces. */
export function transcript(pieces: readonly Uint8Array[]): string[] {
  const told: string[] = [];
  const reader = new TraceReader('x', {
    header: (header, line) => told.push(`header ${line} ${JSON.stringify(header)}`),
    event: (event, line) => told.push(`event ${line} ${JSON.stringify(event)}`),
    problem: (problem) => told.push(formatProblem(problem)),
  });
  for (const piece of pieces) {
    // The reader may not rely on bytes after write() returned.
    const copy = Buffer.from(piece);
    reader.write(copy);
    copy.fill(0);
  }
  reader.end();
  return told;
}
