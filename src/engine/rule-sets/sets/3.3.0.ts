import { detachReinsert } from '../../mechanisms/idle-io/detach-reinsert.ts';
import { idleListApart } from '../../mechanisms/pool/idle-conn-list.ts';
import { perThrSessConns } from '../../mechanisms/session-conns/per-thr-sess-conns.ts';
import { srvReleaseConnCount } from '../../mechanisms/used-count/srv-release-conn.ts';
import { child } from '../chain.ts';
import { rules320 } from './3.2.0.ts';

/** What followed until the release: sessions own what they list, and idle connections come and go. */
export const rules330 = child(
  rules320,
  {
    id: '3.3.0',
    date: '2025-11-26',
    release: '3.3.0',
    title:
      'an idle private connection leaves its session while it works, and goes when its server does; one that is shared dies with the last stream that has it from the pool',
  },
  [
    {
      by: [
        { id: '668c2cfb0', date: '2025-07-30' },
        { id: '57e9425db', date: '2025-07-30' },
        { id: 'f234b40cd', date: '2025-08-28' },
        { id: 'fa1a168bf', date: '2025-08-28' },
        { id: 'dbe31e3f6', date: '2025-08-28' },
      ],
      sets: { sessionConns: perThrSessConns, usedCount: srvReleaseConnCount },
    },
    {
      by: [
        { id: 'dd9645d6b', date: '2025-07-30' },
        { id: '2ecc5290f', date: '2025-07-30' },
        { id: '697f7d114', date: '2025-07-30' },
      ],
      sets: { refusedIdle: 'mux' },
    },
    {
      by: [
        { id: 'a96f1286a', date: '2025-08-28' },
        { id: '687df405f', date: '2025-09-04' },
      ],
      sets: { pool: idleListApart },
    },
    {
      by: [{ id: '723267738', date: '2025-08-28' }],
      sets: { delServer: 'nothing-kept' },
    },
    {
      by: [{ id: '6bfabfdc7', date: '2025-11-03' }],
      sets: { reuseIsFor: 'http-backend' },
    },
    {
      by: [
        { id: '67df6577f', date: '2025-08-28' },
        { id: '8de0807b7', date: '2025-08-28' },
        { id: '73fd12e92', date: '2025-08-28' },
        { id: '7a6e3c1a7', date: '2025-08-28' },
        { id: '9481cef94', date: '2025-11-14' },
        { id: '05c409f1b', date: '2025-11-20' },
      ],
      sets: { idleIo: detachReinsert },
    },
    {
      by: [
        { id: 'ff47ae60f', date: '2025-09-09' },
        { id: 'd4c51a4f5', date: '2025-09-09' },
        { id: '06821dc18', date: '2025-11-04' },
      ],
      sets: { muxWaits: 'ssl-alpn-unknown' },
    },
    {
      by: [{ id: '59c599f3f', date: '2025-11-05' }],
      sets: { h2DeadIsKept: 'no' },
    },
  ],
);
