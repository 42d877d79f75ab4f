import { parentPort, workerData } from 'node:worker_threads';
import { findRuleSet, type RuleSet } from '../../../engine/index.ts';
import { modelOf } from '../../../explore/index.ts';
import type { WorldDefinition } from '../../../format/index.ts';
import { type Batch, BatchExpander } from '../../../search/expand.ts';

/** What a thread that expands states is given at its start; rule sets by their ids. */
export interface ExpandSetup {
  readonly world: WorldDefinition;
  readonly rules: string;
  readonly from: string | null;
  readonly properties: readonly string[] | null;
  readonly exportable: boolean;
}

function ruleSetOf(id: string): RuleSet {
  const rules = findRuleSet(id);
  if (rules === undefined) throw new Error(`no rule set is called ${id}`);
  return rules;
}

/** The thread: expands one batch after the other. */
function work(port: NonNullable<typeof parentPort>, setup: ExpandSetup): void {
  const { world, rules, from, properties, exportable } = setup;
  const model = modelOf(world, {
    rules: ruleSetOf(rules),
    from: from === null ? null : ruleSetOf(from),
    properties,
    exportable,
  });
  const expander = new BatchExpander(model);
  port.on('message', (batch: Batch) => {
    const expansion = expander.expand(batch);
    port.postMessage(expansion, [expansion.words.buffer]);
  });
}

if (parentPort !== null) work(parentPort, workerData);
