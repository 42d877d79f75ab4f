import type { ComparedStep } from '../compare/index.ts';
import { type Breach, takeBreaches } from '../engine/invariants/index.ts';
import { LEAK_SAYS } from '../engine/invariants/leak.ts';
import { NO_LEAK } from '../engine/invariants/property-names.ts';
import { World } from '../engine/objects/world.ts';
import type { RuleSet } from '../engine/rule-sets/index.ts';
import { step } from '../engine/step/step.ts';
import type { Config, TraceEvent } from '../format/index.ts';
import { endOf } from './properties.ts';

/** `session_check_idle_conn(NULL)` in words. */
function crashTitle(site: string): string {
  const [, fn = site, through, place = ''] = /^(\w+)\((\w+)\)( in \w+)?$/.exec(site) ?? [];
  if (through === 'NULL') return `${fn} crashes${place}: it gets no session`;
  if (through === 'freed') return `${fn} crashes${place}: the session that it gets has ended`;
  return fn === 'conn_free' ? 'conn_free never returns' : `${fn} crashes`;
}

/** `h2_io_cb(c1 is not marked idle)` in words. */
function abortTitle(site: string): string {
  const [, fn = site, condition = ''] = /^(\w+)\((.*)\)$/s.exec(site) ?? [];
  return condition === '' ? `${fn} aborts` : `${fn} aborts: ${condition}`;
}

/** What the last of some events breaks. */
function lastBreaches(rules: RuleSet, config: Config, events: readonly TraceEvent[]) {
  const world = new World(config, rules);
  let breaches: readonly Breach[] = [];
  for (const event of events) {
    step(world, event);
    breaches = takeBreaches(world);
  }
  return breaches;
}

/** The title of a trace that was found, made from what it shows. */
export function titleOf(
  finding: string,
  rules: RuleSet,
  config: Config,
  events: readonly TraceEvent[],
): string {
  const end = endOf(finding);
  if (end !== null) return end.kind === 'crash' ? crashTitle(end.site) : abortTitle(end.site);
  if (finding === NO_LEAK) return LEAK_SAYS;
  const breach = lastBreaches(rules, config, events).find(
    ({ invariant }) => invariant.name === finding,
  );
  return breach?.says(rules) ?? finding;
}

/** The title of a trace at whose last step two rule sets part. */
export function partingTitle(cause: string, steps: readonly ComparedStep[]): string {
  const parting = steps.at(-1)?.partings.find((each) => each.cause === cause);
  if (parting === undefined) return cause;
  return `From: ${parting.from.says}. To: ${parting.to.says}`;
}
