import { closeDetach } from './detach.ts';
import { endFront } from './front.ts';
import type { Here, Story } from './story.ts';
import { settleTold } from './take-log.ts';

/** Records were lost here: what was open on any thread is not known any more. */
export function loseRecords(s: Story, first: number, line: number, what: string): void {
  s.gap(first, line, what);
  for (const thread of s.threads.values()) {
    const here: Here = { line, at: null, thread };
    closeDetach(s, here);
    settleTold(s, here);
    thread.init = null;
    thread.lostInit = null;
    thread.attach = null;
    thread.check = null;
    thread.running = null;
    thread.mux = 'unknown';
    thread.isDestroying = false;
    thread.isTimeout = false;
    thread.freed = null;
    thread.purge = null;
    thread.upgrade = null;
    thread.left = null;
    thread.logged = null;
    thread.unserved = null;
    thread.io = null;
  }
}

/** The capture is over: what only log lines tell of is told. */
export function endStory(s: Story, line: number): void {
  for (const thread of s.threads.values()) {
    const here: Here = { line, at: null, thread };
    closeDetach(s, here);
    settleTold(s, here);
  }
  for (const mux of s.muxes.values()) {
    for (const front of [...mux.fronts.values()]) {
      if (front.log === null) continue;
      endFront(s, { line, at: null, thread: s.thread(front.thread) }, front);
    }
  }
  s.queue.end();
}
