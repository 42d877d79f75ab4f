import { defineRuleSet } from './rule-set.ts';

/** The change itself: every place of the engine that it touched is one switch. */
export const rules08016ab82 = defineRuleSet(
  {
    id: '08016ab82',
    date: '2020-07-15',
    release: '2.3-dev1',
    title: 'a private connection joins its session as soon as it is private and has a mux',
  },
  {
    ownerFromCreation: true,
    listAtMuxInstall: true,
    listAtMuxCreation: true,
    authenticationTakesOwnership: true,
    addChecksOwner: true,
    idleCheckSkipsForeignOwner: true,
    h1DetachAlwaysLists: true,
    muxDetachAlwaysLists: true,
    muxDetachChecksOwner: true,
  },
);
