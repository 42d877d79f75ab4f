import { connTrees } from '../../mechanisms/pool/conn-trees.ts';
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
      by: [{ id: '3f07c20fa', date: '2021-01-28' }],
      sets: { listedConnecting: 'passed-over' },
    },
    {
      by: [{ id: '5c7086f6b', date: '2021-02-12' }],
      sets: { idleLocks: 'tried' },
    },
    {
      by: [
        { id: 'f232cb3e9', date: '2021-02-12' },
        { id: '1399d695c', date: '2021-02-12' },
      ],
      sets: { pool: connTrees, connKey: 'sni' },
    },
  ],
);
