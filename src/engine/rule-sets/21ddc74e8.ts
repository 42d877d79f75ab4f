import { defineRuleSet } from './rule-set.ts';

/** Before the change: the parent of 08016ab82, which only introduces conn_set_private(). */
export const rules21ddc74e8 = defineRuleSet(
  {
    id: '21ddc74e8',
    date: '2020-07-15',
    release: '2.3-dev1',
    title: 'a private connection joins its session when its first stream leaves',
  },
  { ownerWhileMuxWaits: true },
);
