import { perThreadPurge } from '../../mechanisms/purge/per-thread.ts';
import { child } from '../chain.ts';
import { rules340 } from './3.4.0.ts';

/** What has followed so far: read from the sources, no recording shows it. */
export const rules35dev5 = child(
  rules340,
  {
    id: '3.5-dev5',
    date: '2026-08-21',
    release: '3.5-dev5',
    title: 'each thread purges what it keeps, and every connection goes to a server',
  },
  [
    {
      by: [
        { id: '3c923d075', date: '2026-06-08' },
        { id: '6f8dab258', date: '2026-06-08' },
      ],
      sets: { purge: perThreadPurge },
    },
    {
      by: [
        { id: 'be8159248', date: '2026-06-26' },
        { id: '6864526d0', date: '2026-06-26' },
      ],
      sets: { targets: 'servers', noServerIsPrivate: 'no' },
    },
    {
      by: [{ id: '7592771f0', date: '2026-08-07' }],
      sets: { fcgiAttachFails: 'fails' },
    },
  ],
);
