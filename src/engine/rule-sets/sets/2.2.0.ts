import { requeueIo } from '../../mechanisms/idle-io/requeue.ts';
import { connectServerLookup } from '../../mechanisms/lookup/connect-server.ts';
import { idleConns } from '../../mechanisms/pool/idle-conns.ts';
import { srvCleanup } from '../../mechanisms/purge/srv-cleanup.ts';
import { sessSrvList } from '../../mechanisms/session-conns/sess-srv-list.ts';
import { connectServerCount } from '../../mechanisms/used-count/connect-server.ts';
import { oldest } from '../chain.ts';

/** The release in which sessions came to keep private connections only. */
export const rules220 = oldest(
  {
    id: '2.2.0',
    date: '2020-07-07',
    release: '2.2.0',
    title:
      'a connection becomes private when it is to be kept, and stays in the list that it is in',
  },
  {
    sessionConns: sessSrvList,
    idleIo: requeueIo,
    pool: idleConns,
    lookup: connectServerLookup,
    usedCount: connectServerCount,
    purge: srvCleanup,
  },
);
