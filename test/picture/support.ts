import { readFileSync } from 'node:fs';
import type { TraceEvent } from '../../src/format/index.ts';
import { PictureBuilder } from '../../src/picture/index.ts';
import type { LayoutOptions } from '../../src/picture/layout.ts';
import type { Picture } from '../../src/picture/picture.ts';
import { Replay } from '../../src/replay/index.ts';
import type { StepResult } from '../../src/replay/result.ts';
import { TraceReader } from '../../src/trace/index.ts';
import { type Playing, play } from '../replay/support.ts';

function built(steps: readonly StepResult[]): PictureBuilder {
  const builder = new PictureBuilder();
  for (const step of steps) builder.add(step);
  return builder;
}

/** The picture of events, as if they stood in a trace. */
export function drawn(
  events: readonly TraceEvent[],
  how: Playing = {},
  options: LayoutOptions = {},
): Picture {
  return built(play(events, how).steps).layout(options);
}

/** The picture of a trace of the corpus. */
export function drawnFrom(path: string, rules?: string, options: LayoutOptions = {}): Picture {
  const steps: StepResult[] = [];
  const replay = new Replay(
    path,
    { record: 'changes', rules },
    { start: () => undefined, step: (step) => steps.push(step) },
  );
  const reader = new TraceReader(path, {
    header: (header, line) => replay.header(header, line) ?? undefined,
    event: (event, line) => replay.event(event, line),
    problem: (problem) => {
      throw new Error(JSON.stringify(problem));
    },
  });
  reader.write(readFileSync(path));
  reader.end(true);
  return built(steps).layout(options);
}

/** What a connection has been, as `step state`, or `step state owner` where somebody owns it. */
export function storyOf(picture: Picture, id: string): string[] {
  const { connections, sessions } = picture;
  return connections
    .filter((connection) => connection.id === id)
    .flatMap(({ segments }) => segments)
    .map(({ from, state, owner, dangles }) => {
      const name = owner === null ? '' : ` ${sessions[owner]?.id}${dangles ? '!freed' : ''}`;
      return `${from} ${state}${name}`;
    });
}
