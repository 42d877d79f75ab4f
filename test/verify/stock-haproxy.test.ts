import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { TraceEvent } from '../../src/format/index.ts';
import { readTrace } from '../../src/trace/index.ts';
import { replay } from '../cli/run.ts';
import { CAN_RUN, verified } from './stock.ts';

vi.setConfig({ testTimeout: 120_000 });

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'replay-stock-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function eventsOf(text: string): readonly TraceEvent[] {
  return readTrace('t', text).events.map(({ event }) => event);
}

/** An event in short: what it is and whom it is about. */
function short(event: TraceEvent): string {
  const named = event as Readonly<Record<string, unknown>>;
  const ids = ['strm', 'sess'].flatMap((key) => (key in named ? [named[key]] : []));
  const reused = event.event === 'connect_server' ? [event.conn, event.expect?.reused] : [];
  return [event.event, ...ids, ...reused].join(' ');
}

describe.skipIf(!CAN_RUN)('a stock HAProxy 2.6', () => {
  it('does what the model says of a connection that is challenged', async () => {
    const trace = 'traces/scenarios/s4-ntlm-on-a-pooled-connection.after.jsonl';
    const { code, stdout } = await replay(['verify', trace]);
    expect(stdout).toMatch(/as predicted:\s+alive/);
    expect(code).toBe(0);
  });

  it('dies of a challenge over a connection that two sessions share, and not without it', async () => {
    const trace = 'traces/scenarios/s9-session-ends-first.after.jsonl';
    const lines = readFileSync(trace, 'utf8').split('\n');
    const twin = join(folder, 'twin.jsonl');
    const rest = lines.filter((line) => !line.includes('http_wait_for_response'));
    // What the trace expects of the challenge does not come about.
    writeFileSync(twin, rest.join('\n').replaceAll(/,"expect":\{.*\}\}$/gm, '}'));
    const [dies, lives] = await verified([trace, twin]);
    expect(dies?.verdict.says).toContain('dies of signal 11');
    expect(lives?.verdict.says).toContain('alive');
  });

  it('differs by a change that its branch has taken over, which is told', async () => {
    const trace = 'traces/releases/2.8.0/first-request-that-can-be-sent-again.after.jsonl';
    const [told] = await verified([trace]);
    expect(told?.verdict.reason).toMatchObject({ kind: 'taken-over', commits: ['ecb40b2c3'] });
    const { stdout, code } = await replay(['verify', trace]);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain('was asked to take over ecb40b2c3, by which');
    expect(code).toBe(1);
  });

  it('goes round: what it printed is the trace again, wherever a line says so', async () => {
    const trace = 'traces/recorded/2.6.0/s02_auth_p407basic_safe.jsonl';
    const { code } = await replay(['verify', trace, '--keep', folder]);
    expect(code).toBe(0);
    const kept = join(folder, trace.replaceAll('/', '_'), 'observed.jsonl');
    const told = eventsOf(readFileSync(trace, 'utf8')).map(short);
    const seen = eventsOf(readFileSync(kept, 'utf8'));
    const connects = seen.filter(({ event }) => event === 'connect_server');
    const observed = seen.filter(
      ({ event, source }) =>
        source?.certainty === 'observed' &&
        event !== 'conn_update' &&
        event !== 'http_wait_for_response',
    );
    expect(observed.length).toBeGreaterThan(10);
    // The answers that change nothing are not in the trace; who connected is inferred, not how.
    const both = new Set([...observed, ...connects]);
    const again = seen.filter((event) => both.has(event)).map(short);
    const own = told.filter((each) => !/^(conn_update|http_wait)/.test(each));
    // Behind the trace's end the servers of the script go away.
    expect(again.slice(0, own.length)).toEqual(own);
  });
});
