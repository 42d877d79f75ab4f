import { Buffer } from 'node:buffer';
import { expect, it, vi } from 'vitest';
import { Importer, parseConfig } from '../../src/import/index.ts';
import { sized } from '../size.ts';
import { Capture, ONE_SERVER } from './capture.ts';

vi.setConfig({ testTimeout: 1_800_000 });

const MEGABYTE = 1 << 20;
/** How much of a capture goes through, in megabytes. */
const LENGTH = sized(24, 2048);
/** What may be held back, and garbage that nobody has collected. */
const HEAP_MAX = 200 * MEGABYTE;

/** Clients come, send requests and go; every eighth one is never seen to end. */
function block(): Buffer {
  const capture = new Capture();
  for (let number = 0; capture.lines.length < 6000; number++) {
    const log = { ci: `127.0.0.1:${number}`, bi: `127.0.0.1:${number}` };
    capture.client('a').exchange('a', 'b', { isNew: true, isFirst: true, log });
    capture.exchange('a', 'b', { log });
    if (number % 8 > 0) capture.release('b', 'B').release('a', 'F');
  }
  return Buffer.from(capture.text);
}

it(`a capture of ${LENGTH} MB takes no more memory than what is alive in it`, () => {
  const config = parseConfig([{ path: 'h.cfg', text: ONE_SERVER }]);
  let written = 0;
  const importer = new Importer({ config, pid: null, keepAddresses: false }, () => {
    written++;
  });
  const bytes = block();
  const before = process.memoryUsage().heapUsed;
  let peak = 0;
  for (let passed = 0; passed < LENGTH * MEGABYTE; passed += bytes.length) {
    importer.write(bytes);
    peak = Math.max(peak, process.memoryUsage().heapUsed);
  }
  importer.end();
  const { story, writer } = importer;
  expect(written).toBe(writer.total);
  expect(writer.leftOut).toBe(0);
  expect(story.muxes.size).toBeLessThan(4);
  expect(story.byClient.size + story.byLocal.size).toBeLessThan(1000);
  expect(peak - before).toBeLessThan(HEAP_MAX);
});
