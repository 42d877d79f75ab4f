import { child } from '../chain.ts';
import { rules260 } from './2.6.0.ts';

/** What followed until the release: a mux goes by what it has seen itself. */
export const rules280 = child(
  rules260,
  {
    id: '2.8.0',
    date: '2023-05-31',
    release: '2.8.0',
    title:
      'a mux goes by what it has read, and a first request that can be sent again is as good as a later one',
  },
  [
    {
      by: [{ id: 'ecb40b2c3', date: '2022-09-01' }],
      sets: { retriesAreSafe: 'yes' },
    },
    {
      by: [
        { id: '4e72b172d', date: '2022-11-17' },
        { id: 'fc473a645', date: '2022-11-17' },
        { id: 'ff7925dce', date: '2022-11-17' },
        { id: 'ab79b321d', date: '2022-11-17' },
      ],
      sets: { muxErrors: 'own' },
    },
    {
      by: [{ id: '9a0f8ba83', date: '2023-01-25' }],
      sets: { freeAsserts: 'no-tree' },
    },
    {
      by: [
        { id: '5e1b0e7bf', date: '2023-02-28' },
        { id: '3a7b539b1', date: '2023-03-16' },
      ],
      sets: { ioOnRemoval: 'ignored', releaseUnmarks: 'yes' },
    },
  ],
);
