import { child } from '../chain.ts';
import { rules21ddc74e8 } from './21ddc74e8.ts';

/** The change itself. */
export const rules08016ab82 = child(
  rules21ddc74e8,
  {
    id: '08016ab82',
    date: '2020-07-15',
    release: '2.3-dev1',
    title: 'a private connection joins its session as soon as it is private and has a mux',
  },
  [
    {
      by: [{ id: '08016ab82', date: '2020-07-15' }],
      sets: {
        ownerFromCreation: 'session',
        ownerWhileMuxWaits: 'unchanged',
        listAtMuxInstall: 'private',
        listAtMuxCreation: 'private',
        authenticationTakesOwnership: 'yes',
        addChecksOwner: 'yes',
        idleCheckSkipsForeignOwner: 'yes',
        h1DetachAlwaysLists: 'all',
        muxDetachAlwaysLists: 'all',
        muxDetachChecksOwner: 'owner',
      },
    },
  ],
);
