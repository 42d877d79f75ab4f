import { child } from '../chain.ts';
import { rules220 } from './2.2.0.ts';

/** Before the change: the parent of 08016ab82, at the end of what told private connections apart. */
export const rules21ddc74e8 = child(
  rules220,
  {
    id: '21ddc74e8',
    date: '2020-07-15',
    release: '2.3-dev1',
    title: 'a private connection joins its session when its first stream leaves',
  },
  [
    {
      by: [
        { id: 'c5579d18d', date: '2020-07-15' },
        { id: '29ae7ffed', date: '2020-07-15' },
      ],
      sets: { muxDetachSplits: 'yes' },
    },
    {
      by: [{ id: '27bd6ff96', date: '2020-07-15' }],
      sets: { sniIsSet: 'before-mux' },
    },
    {
      by: [{ id: 'c64badd57', date: '2020-07-15' }],
      sets: { neverIsPrivate: 'creation', missingConnection: 'unnoticed' },
    },
    {
      by: [{ id: '21ddc74e8', date: '2020-07-15' }],
      sets: { privacyUnlinks: 'yes' },
    },
  ],
);
