import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { H1c } from '../../../src/engine/functions/mux/mux-h1.ts';
import { srvAddToIdleList } from '../../../src/engine/functions/server.ts';
import { poolLookup } from '../../../src/engine/mechanisms/lookup/pool-rows.ts';
import type { Wanted } from '../../../src/engine/objects/mechanism-t.ts';
import {
  REUSE_AGGR,
  REUSE_ALWS,
  REUSE_NEVR,
  REUSE_SAFE,
} from '../../../src/engine/objects/server-t.ts';
import { sized } from '../../size.ts';
import { POST, type Scene, scene } from '../support.ts';

type Mode = 'never' | 'safe' | 'aggressive' | 'always';
type Lists = 'nothing' | 'idle' | 'safe' | 'both';

/**
 * Which list of its own thread a request is served from, written out by hand: one row per reuse
 * mode and request, one column per content of the two lists. A second, dumber implementation.
 */
const SERVED_FROM: Record<
  Mode,
  Record<'first' | 'later', Record<Lists, 'idle' | 'safe' | null>>
> = {
  never: {
    first: { nothing: null, idle: null, safe: null, both: null },
    later: { nothing: null, idle: null, safe: null, both: null },
  },
  safe: {
    first: { nothing: null, idle: null, safe: null, both: null },
    later: { nothing: null, idle: 'idle', safe: 'safe', both: 'idle' },
  },
  aggressive: {
    first: { nothing: null, idle: null, safe: 'safe', both: 'safe' },
    later: { nothing: null, idle: 'idle', safe: 'safe', both: 'idle' },
  },
  always: {
    first: { nothing: null, idle: 'idle', safe: 'safe', both: 'safe' },
    later: { nothing: null, idle: 'idle', safe: 'safe', both: 'idle' },
  },
};

const MODES = { never: REUSE_NEVR, safe: REUSE_SAFE, aggressive: REUSE_AGGR, always: REUSE_ALWS };
/** A request of s1 for a server of the scene. */
function wanted(s: Scene, mode: Mode, notFirst: boolean): Wanted {
  return { sess: s.theSession('s1'), target: s.server(), key: 0, mode: MODES[mode], notFirst };
}

const modes: Mode[] = ['never', 'safe', 'aggressive', 'always'];

/** Puts connections c1, c2, … into the idle and safe lists of threads. */
function pool(contents: readonly { thread: number; safe: boolean }[], nbthread = 1): Scene {
  const s = scene(POST, { config: { nbthread } }).session('s1');
  s.server().estNeedConns = 1000;
  for (let n = 1; n <= contents.length; n++) s.connect(`t${n}`);
  contents.forEach(({ thread, safe }, i) => {
    s.w.begin({ thread });
    const conn = s.connection(`c${i + 1}`);
    if (!(conn.ctx instanceof H1c)) throw new Error('H1 was to be the mux');
    conn.ctx.h1s = null;
    conn.ctx.csIdle = true;
    if (!srvAddToIdleList(s.w, s.server(), conn, safe)) throw new Error('the pool refused');
  });
  s.w.begin({});
  return s;
}

const CONTENTS: Record<Lists, { thread: number; safe: boolean }[]> = {
  nothing: [],
  idle: [{ thread: 0, safe: false }],
  safe: [{ thread: 0, safe: true }],
  both: [
    { thread: 0, safe: true },
    { thread: 0, safe: false },
  ],
};

describe.each(modes)('poolLookup with http-reuse %s', (mode) => {
  describe.each(['first', 'later'] as const)('%s request', (request) => {
    it.each(['nothing', 'idle', 'safe', 'both'] as const)('pool: %s', (lists) => {
      const s = pool(CONTENTS[lists]);
      const taken = poolLookup(s.w, wanted(s, mode, request === 'later'));
      const from = SERVED_FROM[mode][request][lists];
      const safe = CONTENTS[lists].find((_, i) => taken.conn?.id === `c${i + 1}`)?.safe;
      expect(safe === undefined ? null : safe ? 'safe' : 'idle').toBe(from);
      expect(taken).toMatchObject({ wasIdle: from !== null, wasUnused: from !== null });
      expect(s.srv()).toMatchObject({
        available: taken.conn ? [taken.conn.id] : [],
        curr_idle_conns: CONTENTS[lists].length - (from ? 1 : 0),
      });
    });
  });

  it('gives an available connection to any request, but for never', () => {
    for (const notFirst of [false, true]) {
      const s = pool(CONTENTS.both).connect('t9');
      s.w.listAppend(s.server().availableConns[0] ?? raise(), s.connection('c9'));
      const { conn, wasIdle, wasUnused } = poolLookup(s.w, wanted(s, mode, notFirst));
      expect(conn?.id ?? null).toBe(mode === 'never' ? null : 'c9');
      expect([wasIdle, wasUnused]).toEqual([false, false]);
    }
  });
});

function raise(): never {
  throw new Error('the server has no available list');
}

describe('the thread served from', () => {
  const place = fc.record({ thread: fc.nat({ max: 2 }), safe: fc.boolean() });

  /** Straight from the text: own list first, then the others from next_takeover + 1, never itself. */
  function expected(
    contents: readonly { thread: number; safe: boolean }[],
    next: number,
    safeOnly: boolean,
  ): string | null {
    const head = (thread: number, safe: boolean) =>
      contents.findIndex((c) => c.thread === thread && c.safe === safe);
    for (const thread of [0, (next + 1) % 3, (next + 2) % 3]) {
      const at = safeOnly || head(thread, false) === -1 ? head(thread, true) : head(thread, false);
      if (at !== -1) return `c${at + 1}`;
    }
    return null;
  }

  it('is as in the text, for three threads and any pool', () => {
    const anyMode = fc.constantFrom(...modes);
    const anyPool = fc.array(place, { maxLength: 5 });
    fc.assert(
      fc.property(anyPool, fc.nat({ max: 2 }), anyMode, fc.boolean(), (all, next, mode, later) => {
        const s = pool(all, 3);
        s.server().nextTakeover = next;
        const { conn } = poolLookup(s.w, wanted(s, mode, later));
        const lists = all.some((c) => c.safe) ? 'both' : all.length > 0 ? 'idle' : 'nothing';
        const list = SERVED_FROM[mode][later ? 'later' : 'first'][lists];
        expect(conn?.id ?? null).toBe(list && expected(all, next, list === 'safe'));
        const from = all.find((_, i) => conn?.id === `c${i + 1}`)?.thread;
        expect(s.server().nextTakeover).toBe(from === undefined ? next : (from + 1) % 3);
      }),
      { seed: 20200715, numRuns: sized(200) },
    );
  });
});
