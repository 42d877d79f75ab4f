import { connTrees } from '../../mechanisms/pool/conn-trees.ts';
import { srvCleanupIdleConns } from '../../mechanisms/purge/srv-cleanup.ts';
import { child } from '../chain.ts';
import { rules3aab17bd5 } from './3aab17bd5.ts';

/** What followed until the release: connections are kept, and looked for, by what they were made for. */
export const rules240 = child(
  rules3aab17bd5,
  {
    id: '2.4.0',
    date: '2021-05-14',
    release: '2.4.0',
    title:
      'a connection serves the requests that it was made for: what differs between them is a key, and no reason for privacy',
  },
  [
    {
      by: [{ id: '3c82d8b32', date: '2020-12-04' }],
      sets: { h1NotIdle: 'shutdown' },
    },
    {
      by: [{ id: '10d5c3172', date: '2021-01-06' }],
      sets: { cleanupOfNoPool: 'returns' },
    },
    {
      by: [{ id: '3f07c20fa', date: '2021-01-28' }],
      sets: { listedConnecting: 'passed-over' },
    },
    {
      by: [
        { id: '08d87b3f4', date: '2021-01-28' },
        { id: '249f0562c', date: '2021-03-05' },
        { id: '1bb6afa35', date: '2021-04-01' },
      ],
      sets: { reuseIsFor: 'htx' },
    },
    {
      by: [{ id: '5c7086f6b', date: '2021-02-12' }],
      sets: { idleLocks: 'tried' },
    },
    {
      by: [
        { id: 'f232cb3e9', date: '2021-02-12' },
        { id: '1399d695c', date: '2021-02-12' },
        { id: '293dcc400', date: '2021-02-12' },
      ],
      sets: { pool: connTrees, connKey: 'sni', takeoverFailure: 'reads-freed' },
    },
    {
      by: [{ id: 'aa890aef3', date: '2021-02-12' }],
      sets: { idleAfterSafe: 'none-found' },
    },
    {
      by: [
        { id: '68cf3959b', date: '2021-02-12' },
        { id: 'f7bdf0007', date: '2021-02-12' },
      ],
      sets: { addressesAreSet: 'before-lookup' },
    },
    {
      by: [{ id: '9b626e3c1', date: '2021-02-12' }],
      sets: { sniIsPrivate: 'never' },
    },
    {
      by: [{ id: 'd10a200f6', date: '2021-02-12' }],
      sets: { sourceIsPrivate: 'never', dynamicSource: 'key' },
    },
    {
      by: [{ id: '1921d20ff', date: '2021-02-12' }],
      sets: { proxyHeaderIsPrivate: 'no' },
    },
    {
      by: [{ id: '8990b010a', date: '2021-02-19' }],
      sets: { connAllocation: 'hash-node' },
    },
    {
      by: [{ id: '3d752a8f9', date: '2021-02-19' }],
      sets: { errorUnlinks: 'pooled' },
    },
    {
      by: [{ id: 'd8aa21a61', date: '2021-02-26' }],
      sets: { purge: srvCleanupIdleConns },
    },
    {
      by: [{ id: '8ede3db08', date: '2021-03-03' }],
      sets: { noServerIsPrivate: 'yes' },
    },
    {
      by: [{ id: 'e558043e1', date: '2021-04-21' }],
      sets: { delServer: 'nothing-idle' },
    },
  ],
);
