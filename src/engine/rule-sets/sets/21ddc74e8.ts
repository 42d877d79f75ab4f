import { connectServerLookup } from '../../mechanisms/lookup/connect-server.ts';
import { idleConns } from '../../mechanisms/pool/idle-conns.ts';
import { srvCleanup } from '../../mechanisms/purge/srv-cleanup.ts';
import { sessSrvList } from '../../mechanisms/session-conns/sess-srv-list.ts';
import { connectServerCount } from '../../mechanisms/used-count/connect-server.ts';
import { oldest } from '../chain.ts';

/** Before the change: the parent of 08016ab82, which only introduces conn_set_private(). */
export const rules21ddc74e8 = oldest(
  {
    id: '21ddc74e8',
    date: '2020-07-15',
    release: '2.3-dev1',
    title: 'a private connection joins its session when its first stream leaves',
  },
  {
    sessionConns: sessSrvList,
    pool: idleConns,
    lookup: connectServerLookup,
    usedCount: connectServerCount,
    purge: srvCleanup,
  },
);
