import { CO_FL_PRIVATE } from '../../objects/connection-t.ts';
import type { UsedCount } from '../../objects/mechanism-t.ts';
import { rulesOf } from '../../objects/rule.ts';
import { FREE_NO_SERVER } from './counters.ts';
import { FREE_PRIVATE, FREE_SHARED, srvDelConnFromList, srvUseConnCount } from './srv-use-conn.ts';

const FREE_LENT = rulesOf('conn_free', 'include/haproxy/connection.h')(
  'conn.free.lent',
  '{0|the connection}, which its session has given up just before, is freed, and {1|the server} is to count it no more',
);

/** conn_backend_deinit, src/connection.c: what a session has given up is counted off as well. */
export const connBackendDeinitCount: UsedCount = {
  ...srvUseConnCount,
  name: 'conn_backend_deinit',
  says: 'a connection counts as used from its creation to its privacy, its place in the pool or its end, whoever lists it',
  rules: [...srvUseConnCount.rules.filter((rule) => rule !== 'conn.free.given-up'), FREE_LENT.id],
  onFree(w, conn, wasListed) {
    const { srv } = conn;
    if (srv) w.touch(srv);
    if (conn.has(CO_FL_PRIVATE)) w.log.decide(FREE_PRIVATE, conn);
    else if (!srv) w.log.decide(FREE_NO_SERVER, conn);
    else {
      // 87b96cf3a: it was used by the session that listed it.
      w.log.decide(wasListed ? FREE_LENT : FREE_SHARED, conn, srv);
      srvDelConnFromList(w, srv, conn);
      w.listDel(conn);
    }
  },
};
