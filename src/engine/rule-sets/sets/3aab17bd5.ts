import { child } from '../chain.ts';
import { rules38b4d2eb2 } from './38b4d2eb2.ts';

/** The repair of 2.3: no owner is read that a connection has only from its creation. */
export const rules3aab17bd5 = child(
  rules38b4d2eb2,
  {
    id: '3aab17bd5',
    date: '2020-11-21',
    release: '2.4-dev1',
    title: 'a connection in no list is pooled whether its owner lives or not, and has none there',
  },
  [
    {
      by: [{ id: '3aab17bd5', date: '2020-11-21' }],
      sets: { unownClearsOwner: 'yes' },
    },
  ],
);
