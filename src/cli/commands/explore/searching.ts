import { setImmediate } from 'node:timers/promises';
import type { Exploration, Find } from '../../../explore/index.ts';
import type { Host } from '../../streams/host.ts';
import { ProgressLine } from '../../streams/progress-line.ts';
import { type Ending, progressText } from './text.ts';

/** States that are expanded before somebody may interrupt. */
const SLICE = 500;

/** What a search is watched by. */
export interface Watch {
  /** Seconds that it may take; undefined: as long as it takes. */
  readonly time: number | undefined;
  readonly stop: AbortSignal;
  /** Called with each find as it comes. */
  readonly see: (find: Find) => Promise<void>;
}

/** Searches until the end, a bound or Ctrl-C; shows progress meanwhile, if anybody looks. */
export async function search(
  exploration: Exploration,
  { time, stop, see }: Watch,
  host: Host,
): Promise<Ending> {
  const progress = new ProgressLine(host);
  const start = performance.now();
  let ending: Ending | null = null;
  for (let goesOn = true; goesOn && ending === null; ) {
    goesOn = await exploration.goOn(SLICE);
    await setImmediate();
    if (stop.aborted) ending = stop.reason === 'SIGTERM' ? 'terminate' : 'interrupt';
    else if (time !== undefined && performance.now() - start >= time * 1000) ending = 'time';
    const finds = exploration.takeFinds();
    if (finds.length > 0) await progress.clear();
    for (const find of finds) await see(find);
    // Nobody is left who could read what else is found.
    if (host.stdout.error !== null) break;
    if (goesOn) {
      await progress.show(() => progressText(exploration.progress, exploration.result().finds));
    }
  }
  await progress.clear();
  const { isExhausted, stop: bound } = exploration.result();
  if (isExhausted) return 'exhausted';
  return ending ?? bound ?? 'found';
}
