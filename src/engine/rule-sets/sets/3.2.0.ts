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
      by: [{ id: 'd2ce835fb', date: '2024-07-12' }],
      sets: { reuseIsFor: 'any-but-lists' },
    },
    {
      by: [{ id: '706b00842', date: '2025-02-26' }],
      sets: { strictMaxconn: 'counted' },
    },
    {
      by: [{ id: 'a82625065', date: '2025-02-25' }],
      sets: { pressureVisits: 'first-unless-shared' },
    },
    {
      by: [{ id: 'ee94a6cfc', date: '2025-04-02' }],
      sets: { pressureKills: 'after-attach' },
    },
    {
      by: [{ id: 'f1fb396d7', date: '2025-04-02' }],
      sets: { checkReuse: 'found' },
    },
    {
      by: [{ id: '5fda64e87', date: '2025-04-02' }],
      sets: { connKey: 'dst' },
    },
  ],
);
