import type { Outcome } from '../outcome/outcome.ts';
import type { Host } from '../streams/host.ts';

/** What a command does: `run.ts` of its folder. Its arguments come first, then its options. */
export type RunCommand<Args extends readonly unknown[]> = (
  ...args: [...Args, host: Host]
) => Promise<Outcome>;

/** The same for those who only know how it is called: where it runs is settled, its outcome taken. */
export type Run<Args extends readonly unknown[]> = (...args: Args) => Promise<void>;
