import { word } from './words.ts';

/** Headers, in their order. */
export type Pairs = readonly (readonly [name: string, value: string])[];

/** Lines of a server of HTTP/1 that answer, or send the head of an answer of one byte. */
export function h1Answer(status: number, pairs: Pairs, isWhole: boolean): string[] {
  const headers = pairs.map(([name, value]) => ` -hdr ${word(`${name}: ${value}`)}`).join('');
  const code = status === 200 ? '' : ` -status ${status}`;
  return [
    isWhole ? `txresp${code}${headers}` : `txresp${code} -nolen -hdr "Content-Length: 1"${headers}`,
  ];
}

/** The same of a server of HTTP/2. */
export function h2Answer(status: number, pairs: Pairs, isWhole: boolean): string[] {
  const headers = pairs
    .map(([name, value]) => ` -hdr ${word(name.toLowerCase())} ${word(value)}`)
    .join('');
  const code = status === 200 ? '' : ` -status ${status}`;
  return [`txresp${isWhole ? '' : ' -nostrend'}${code}${headers}`];
}

/** An answer with bytes behind its end, all of which come at once. */
export function excessAnswer(status: number, pairs: Pairs): string[] {
  const lines = [
    `HTTP/1.1 ${status} OK`,
    'Content-Length: 0',
    ...pairs.map((pair) => pair.join(': ')),
  ];
  return [`send "${lines.map((line) => `${line}\\r\\n`).join('')}\\r\\nxx"`];
}
