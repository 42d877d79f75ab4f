import { exitCodeOf, type Outcome } from '../outcome/outcome.ts';

/** How a run ends that a signal ends. */
const OUTCOMES = { SIGINT: 'interrupted', SIGTERM: 'terminated' } as const;
type Signal = keyof typeof OUTCOMES;
const SIGNALS = Object.keys(OUTCOMES) as Signal[];

/** What is undone before a signal ends the process. */
const undos = new Set<() => void>();
/** Runs that end by themselves when they are told to, the innermost last. */
const runs: ((signal: Signal) => void)[] = [];
let isListening = false;
/** Calls of the system that may never return; each holds a thread. */
let blocked = 0;

function hear(signal: Signal): void {
  if (blocked > 0) {
    die(signal);
    return;
  }
  const tell = runs.pop();
  if (tell !== undefined) tell(signal);
  else {
    undoAll();
    process.exit(exitCodeOf(OUTCOMES[signal]));
  }
  settle();
}

function undoAll(): void {
  for (const undo of undos) undo();
}

/** Ends the process by the signal itself: an exit would wait for the threads that are held. */
function die(signal: Signal): void {
  undoAll();
  listen(false);
  process.kill(process.pid, signal);
}

/** Listens while there is something to do: otherwise a signal ends the process at once. */
function settle(): void {
  listen(undos.size > 0 || runs.length > 0);
}

function listen(listens: boolean): void {
  if (listens === isListening) return;
  isListening = listens;
  for (const signal of SIGNALS) {
    if (listens) process.on(signal, hear);
    else process.off(signal, hear);
  }
}

/**
 * Has something undone when Ctrl-C or SIGTERM ends the process. Whoever computes for long should
 * `breathe` meanwhile, or the signal waits.
 *
 * @param undo works at once; called once at most
 * @returns to be called when there is nothing to be undone any more
 */
export function undoneBySignals(undo: () => void): () => void {
  undos.add(undo);
  settle();
  return () => {
    undos.delete(undo);
    settle();
  };
}

/**
 * Waits for a call of the system that may never return, as to open or to read a named pipe. A
 * signal that comes meanwhile ends the process at once, after what is undone by signals.
 */
export async function whileBlocked<Value>(call: () => Promise<Value>): Promise<Value> {
  blocked++;
  try {
    return await call();
  } finally {
    blocked--;
  }
}

/**
 * Runs something that Ctrl-C or SIGTERM ends by aborting the signal, for the reason of that name. A
 * second one ends the process, as it does outside of this.
 *
 * @returns how it ended: `terminated` for `interrupted`, where SIGTERM did it
 */
export async function interruptible(
  run: (stop: AbortSignal) => Promise<Outcome>,
): Promise<Outcome> {
  const interruption = new AbortController();
  let ended: Outcome = 'interrupted';
  const tell = (signal: Signal): void => {
    ended = OUTCOMES[signal];
    interruption.abort(signal);
  };
  runs.push(tell);
  settle();
  try {
    const outcome = await run(interruption.signal);
    return outcome === 'interrupted' ? ended : outcome;
  } finally {
    const at = runs.indexOf(tell);
    if (at >= 0) runs.splice(at, 1);
    settle();
  }
}
