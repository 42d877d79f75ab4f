import { child } from '../chain.ts';
import { rules330 } from './3.3.0.ts';

/** What followed until the release: only what a session keeps or has for itself has an owner. */
export const rules340 = child(
  rules330,
  {
    id: '3.4.0',
    date: '2026-06-03',
    release: '3.4.0',
    title:
      'a connection that anybody may use has no owner, and whether it lives does not depend on one',
  },
  [
    {
      by: [{ id: '40d16af7a', date: '2025-12-18' }],
      sets: { preferenceUnmarks: 'no' },
    },
    {
      by: [{ id: '9a046fc3a', date: '2025-12-18' }],
      sets: { h2LastStream: 'any-goaway' },
    },
    {
      by: [{ id: 'a0541f5d2', date: '2026-04-16' }],
      sets: { h2DeadWithoutOwner: 'no' },
    },
    {
      by: [{ id: '90b2154d9', date: '2026-04-21' }],
      sets: { addOwns: 'asked' },
    },
    {
      by: [{ id: 'd93c53b0d', date: '2026-04-21' }],
      sets: { ownerWithMux: 'private-or-lent' },
    },
    {
      by: [
        { id: '2e26e427a', date: '2026-04-21' },
        { id: '2f61566b0', date: '2026-04-21' },
      ],
      sets: { h1LooksAtOwner: 'no' },
    },
    {
      by: [{ id: '0be6c0076', date: '2026-04-24' }],
      sets: { checkReuse: 'kept' },
    },
    {
      by: [{ id: '4fc1e3937', date: '2026-05-04' }],
      sets: { authenticationTakesOwnership: 'by-listing' },
    },
    {
      by: [{ id: '879c78c90', date: '2026-05-19' }],
      sets: { muxLayer: 'first' },
    },
    {
      by: [{ id: 'de3f245df', date: '2026-05-20' }],
      sets: { alpnIsOf: 'key', keyIsMade: 'always' },
    },
  ],
);
