import { requeueToPool } from '../../functions/conn-update.ts';
import { muxRelease } from '../../functions/mux/mux.ts';
import { CO_FL_LIST_MASK } from '../../objects/connection-t.ts';
import type { IdleIo } from '../../objects/mechanism-t.ts';
import { rulesOf } from '../../objects/rule.ts';

const NOTHING = rulesOf('h1_io_cb', 'src/mux_h1.c')(
  'idle-io.not-pooled',
  '{0|the connection}, which works, is in no pool: no list changes',
  'list listed_in',
);

/** h1_io_cb and its siblings: what is pooled leaves its list for as long as it works. */
export const requeueIo: IdleIo = {
  name: 'h1_io_cb',
  says: 'a pooled connection is in no list while I/O callbacks work on it, and comes back to the end; a private one stays where it is',
  rules: [NOTHING.id, 'io.requeue', 'admin.leaves.unseen'],
  looksAtLists: false,
  connIo(w, conn, { released }) {
    if (released) muxRelease(w, conn);
    else if (conn.has(CO_FL_LIST_MASK) && conn.streams === 0) requeueToPool(w, conn);
    else w.log.decide(NOTHING, conn);
  },
  onTimeout() {},
  onCleanup() {},
};
