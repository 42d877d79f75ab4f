import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { World } from '../../../src/engine/objects/world.ts';
import { step } from '../../../src/engine/step/step.ts';
import { viewConn, viewSess, viewSrv } from '../../../src/engine/view/observe.ts';
import { CORPUS, RECORDINGS, readValid, tracesBelow, worldOf } from '../traces.ts';

/** What a view shows of everything alive, as text by object. */
function views(w: World): Map<string, string> {
  const all = new Map<string, string>();
  for (const c of w.connections.values()) {
    const streams = c.ctx?.streams.map((cs) => cs.strm).join();
    const mux = `${c.ctx?.mux.name} ${c.ctx?.usedStreams()} ${c.ctx?.availStreams()} ${streams}`;
    const lists = `${c.list.list?.name} ${viewConn(w, c).listed_in}`;
    all.set(`conn ${c.id}`, `${viewConn(w, c).owner} ${c.flags} ${lists} ${mux} ${c.cs?.strm}`);
  }
  for (const s of w.sessions.values()) {
    all.set(`sess ${s.id}`, `${s.idleConns} ${s.preferLast} ${viewSess(w, s).srv_list.join(';')}`);
  }
  for (const s of w.servers.values()) {
    all.set(`srv ${s.id}`, Object.values(viewSrv(w, s)).join(';'));
  }
  return all;
}

/** Objects that a step changed, created or freed without saying that it touches them. */
function untold(w: World, before: Map<string, string>, after: Map<string, string>): string[] {
  const changed = [...after.keys()].filter((key) => before.get(key) !== after.get(key));
  for (const key of before.keys()) if (!after.has(key)) changed.push(key);
  return changed.filter((key) => !w.log.touched.some((e) => `${e.kind} ${e.id}` === key));
}

/** Replays a trace; gives `step: object` for each change that a step keeps to itself. */
function untoldIn(folder: URL, name: string): string[] {
  const trace = readValid(folder, name);
  const w = worldOf(trace);
  const found: string[] = [];
  let before = views(w);
  for (const [at, event] of trace.events.entries()) {
    step(w, event);
    const after = views(w);
    found.push(...untold(w, before, after).map((key) => `${name} step ${at + 1}: ${key}`));
    before = after;
  }
  return found;
}

describe('a step says which objects it touches', () => {
  it('in every trace of the repository', () => {
    expect(tracesBelow(CORPUS).flatMap((name) => untoldIn(CORPUS, name))).toEqual([]);
  });

  // The recordings of the real program are kept outside of the repository.
  it.skipIf(!existsSync(RECORDINGS))('in every recording', () => {
    expect(tracesBelow(RECORDINGS).flatMap((name) => untoldIn(RECORDINGS, name))).toEqual([]);
  });
});
