import { idleConnList } from '../../mechanisms/pool/idle-conn-list.ts';
import { sessPrivConns } from '../../mechanisms/session-conns/sess-priv-conns.ts';
import { connBackendDeinitCount } from '../../mechanisms/used-count/conn-backend-deinit.ts';
import { child } from '../chain.ts';
import { rules280 } from './2.8.0.ts';

/** What followed until the release: the oldest goes first, and a server knows who keeps its connections. */
export const rules300 = child(
  rules280,
  {
    id: '3.0.0',
    date: '2024-05-29',
    release: '3.0.0',
    title:
      'what is idle goes by its age, and a challenge binds no connection whose streams are for all sessions',
  },
  [
    {
      by: [{ id: 'd8d9122a0', date: '2023-08-24' }],
      sets: { connAllocation: 'address-and-hash-node' },
    },
    {
      by: [
        { id: '5afcb686b', date: '2023-08-25' },
        { id: '5798b5bb1', date: '2023-10-12' },
      ],
      sets: { pool: idleConnList, purgeNeed: 'oldest-first', ioOnRemoval: 'pools' },
    },
    {
      by: [
        { id: '4f02e3da6', date: '2023-11-17' },
        { id: '95fd2d680', date: '2023-11-17' },
        { id: 'd069825c5', date: '2023-11-17' },
      ],
      sets: { takeoverFailure: 'passes-over' },
    },
    {
      by: [
        { id: '7dae3ceaa', date: '2024-03-14' },
        { id: 'c130f7480', date: '2024-03-20' },
      ],
      sets: { sessionConns: sessPrivConns, addChecksOwner: 'owner-set' },
    },
    {
      by: [{ id: '87b96cf3a', date: '2024-03-20' }],
      sets: { usedCount: connBackendDeinitCount },
    },
    {
      by: [
        { id: '6e0afb2e2', date: '2024-03-22' },
        { id: '0d4273f04', date: '2024-03-22' },
      ],
      sets: { delServer: 'closes' },
    },
    {
      by: [{ id: 'fd3ce173a', date: '2024-03-20' }],
      sets: { authenticationIsSeen: 'listed-or-h1' },
    },
    {
      by: [
        { id: '42a97d9fe', date: '2024-02-01' },
        { id: '47168e217', date: '2024-05-24' },
      ],
      sets: { connKey: 'name' },
    },
  ],
);
