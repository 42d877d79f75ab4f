import { sessionGetConnLookup } from '../../mechanisms/lookup/session-get-conn.ts';
import { srvUseConnCount } from '../../mechanisms/used-count/srv-use-conn.ts';
import { child } from '../chain.ts';
import { rules08016ab82 } from './08016ab82.ts';

/** What followed the change until the release: connections are lent under http-reuse safe. */
export const rules230 = child(
  rules08016ab82,
  {
    id: '2.3.0',
    date: '2020-11-05',
    release: '2.3.0',
    title: 'under http-reuse safe a connection that multiplexes is lent to one session at a time',
  },
  [
    {
      by: [{ id: 'fcc3d8a1c', date: '2020-07-15' }],
      sets: { lookup: sessionGetConnLookup },
    },
    {
      by: [
        { id: '236c93b10', date: '2020-07-15' },
        { id: '3d52f0f1f', date: '2020-07-15' },
        { id: 'c6e7563b1', date: '2020-07-15' },
        { id: '96ddc8ab4', date: '2020-10-19' },
      ],
      sets: { usedCount: srvUseConnCount },
    },
    {
      by: [{ id: '15979619c', date: '2020-07-15' }],
      sets: { idleIsUncounted: 'session_unown_conn' },
    },
    {
      by: [{ id: 'dc2ac81c4', date: '2020-07-15' }],
      sets: { missingConnection: 'noticed' },
    },
    {
      by: [{ id: 'b4de42047', date: '2020-07-30' }],
      sets: { muxWaits: 'ssl-alpn' },
    },
    {
      by: [{ id: 'e96993b1f', date: '2020-07-30' }],
      sets: { streamWithoutMux: 'waits' },
    },
    {
      by: [{ id: 'a3b17563e', date: '2020-07-31' }],
      sets: { handshakeLayer: 'before-mux' },
    },
    {
      by: [{ id: '5f1ded562', date: '2020-10-15' }],
      sets: { takeoverStart: 'next' },
    },
    {
      by: [{ id: '0d21deade', date: '2020-10-15' }],
      sets: { poolLends: 'safe' },
    },
    {
      by: [{ id: '00464ab8f', date: '2020-10-15' }],
      sets: { listAtMuxInstall: 'private-or-lent' },
    },
    {
      by: [
        { id: '6b8daef56', date: '2020-10-15' },
        { id: '46f041d7f', date: '2020-10-15' },
      ],
      sets: { muxDetachDisowns: 'yes' },
    },
    {
      by: [{ id: '7239c2498', date: '2020-10-16' }],
      sets: { sniIsPrivate: 'request' },
    },
    {
      by: [{ id: '21b9ff59b', date: '2020-11-05' }],
      sets: { purgeNeed: 'rounded-down' },
    },
  ],
);
