import { child } from '../chain.ts';
import { rules300 } from './3.0.0.ts';

/** What followed until the release: the destination always counts, and reuse is a function of its own. */
export const rules320 = child(
  rules300,
  {
    id: '3.2.0',
    date: '2025-05-28',
    release: '3.2.0',
    title: 'a connection serves its own destination only, and a server can have a strict limit',
  },
  [
    {
      by: [{ id: '5fda64e87', date: '2025-04-02' }],
      sets: { connKey: 'dst' },
    },
  ],
);
