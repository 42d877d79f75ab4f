import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { WorldView } from '../../src/engine/view/view.ts';
import { PictureBuilder } from '../../src/picture/index.ts';
import type { Picture, Segment } from '../../src/picture/picture.ts';
import { Replay } from '../../src/replay/index.ts';
import { TraceReader } from '../../src/trace/index.ts';

/** The picture of a trace, and the whole state after each of its steps. */
function replayed(path: string): { picture: Picture; states: ReadonlyMap<number, WorldView> } {
  const builder = new PictureBuilder();
  const states = new Map<number, WorldView>();
  const replay = new Replay(
    path,
    { record: 'state' },
    {
      start: () => undefined,
      step: (step) => {
        builder.add(step);
        const { state } = step;
        if (state !== undefined && step.outcome.kind === 'done') states.set(step.number, state);
      },
    },
  );
  const reader = new TraceReader(path, {
    header: (header, line) => replay.header(header, line) ?? undefined,
    event: (event, line) => replay.event(event, line),
    problem: () => undefined,
  });
  reader.write(readFileSync(path));
  reader.end(true);
  return { picture: builder.layout(), states };
}

/** A connection as its segment tells it, in the words of a state. */
function told({ sessions }: Picture, { owner, dangles, flags, list, lister }: Segment): object {
  const id = (place: number | null): string | null =>
    place === null ? null : (sessions[place]?.id ?? '');
  const name = id(owner);
  return { owner: dangles ? `${name}!freed` : name, flags, list, listed_in: id(lister) };
}

function isAt({ from, to }: { from: number; to: number | null }, step: number): boolean {
  return from <= step && (to === null || to > step);
}

/** What a picture shows of every connection and session after a step. */
function shownAt(picture: Picture, step: number): object {
  const connections = picture.connections.flatMap((connection) => {
    const segments = connection.segments.filter(
      (segment) => segment.state !== 'freed' && isAt(segment, step),
    );
    return segments.map((segment) => [connection.id, told(picture, segment)]);
  });
  const streams = picture.streams.filter((link) => isAt(link, step)).map(({ id }) => id);
  const sessions = picture.sessions
    .filter((session) => isAt(session, step))
    .map(({ id, idleConns }) => [id, idleConns.findLast(([at]) => at <= step)?.[1]]);
  return {
    connections: Object.fromEntries(connections),
    streams: streams.sort(),
    sessions: Object.fromEntries(sessions),
  };
}

/** The same of a state. */
function stateOf({ conn, sess }: WorldView): object {
  const connections = [...conn].map(([id, { owner, flags, list, listed_in }]) => [
    id,
    { owner, flags, list, listed_in },
  ]);
  const streams = [...conn.values()].flatMap((each) => [...each.streams, ...each.orphans]);
  const sessions = [...sess].map(([id, { idle_conns }]) => [id, idle_conns]);
  return {
    connections: Object.fromEntries(connections),
    streams: streams.sort(),
    sessions: Object.fromEntries(sessions),
  };
}

/** No two lives are on one lane at a time. */
function expectApart({ connections, sessions, lanes }: Picture): void {
  const takings = Array.from({ length: lanes }, (): [number, number][] => []);
  for (const { stays } of connections) {
    for (const { lane, from, to } of stays) takings[lane]?.push([from, to ?? Infinity]);
  }
  for (const { lane, from, to } of sessions) {
    if (lane !== null) takings[lane]?.push([from, to === null ? Infinity : to + 1]);
  }
  for (const each of takings) {
    each.sort(([one], [other]) => one - other);
    each.forEach(([from], at) => {
      expect(from).toBeGreaterThanOrEqual(each[at - 1]?.[1] ?? 0);
    });
  }
}

const FOLDERS = ['bugs', 'failures', 'idle-pool', 'multiplexing', 'session-list', 'threads'];
const CORPUS = FOLDERS.flatMap((folder) =>
  readdirSync(join('traces', folder)).map((name) => join('traces', folder, name)),
);
const RECORDED = readdirSync('traces/recorded')
  .filter((name) => name.endsWith('.jsonl'))
  .map((name) => join('traces/recorded', name));

describe('a picture shows the state after each step', () => {
  it.each([
    ...FOLDERS.map(
      (folder) => [folder, CORPUS.filter((path) => path.includes(`/${folder}/`))] as const,
    ),
    ['recorded', RECORDED.slice(0, 12)] as const,
  ])('of the traces in %s', (_, paths) => {
    for (const path of paths) {
      const { picture, states } = replayed(path);
      expectApart(picture);
      for (const [step, state] of states) {
        expect(shownAt(picture, step), `${path}, step ${step}`).toEqual(stateOf(state));
      }
    }
  });
});
