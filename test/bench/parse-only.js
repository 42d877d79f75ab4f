// The floor of any reader: split the lines of a file and parse each, nothing else.
import { createReadStream } from 'node:fs';

const path = process.argv[2] ?? '';
const decoder = new TextDecoder('utf-8');
let rest = '';
let events = 0;
for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
  const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
  rest = lines.pop() ?? '';
  for (const line of lines) if (JSON.parse(line)) events++;
}
if (rest) JSON.parse(rest);
process.stdout.write(`${events}\n`);
