import { child } from '../chain.ts';
import { rules230 } from './2.3.0.ts';

/**
 * What a session owns is asked of the session that is at hand, no more of the connection. The two
 * agree wherever a connection is new or comes from the pool; only where it has lost its owner does
 * that show.
 */
export const rules38b4d2eb2 = child(
  rules230,
  {
    id: '38b4d2eb2',
    date: '2020-11-21',
    release: '2.4-dev1',
    title:
      'a connection that has lost its owner is listed by the session of a stream that leaves it',
  },
  [
    {
      by: [{ id: '38b4d2eb2', date: '2020-11-21' }],
      sets: { addChecksOwner: 'if-owned' },
    },
  ],
);
