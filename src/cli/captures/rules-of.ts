import { DEFAULT_RULE_SET } from '../../engine/index.ts';
import { ruleSetFor } from '../../history/index.ts';
import type { HaproxyConfig, Importer } from '../../import/index.ts';
import { escapeControl } from '../../trace/text/escape.ts';

/** The rule set that answers for a version, or else the one next to it; and which of both. */
function nearestTo(version: string): { readonly rules: string; readonly says: string } {
  const answer = ruleSetFor(version);
  if (answer !== null && 'set' in answer) return { rules: answer.set.id, says: '' };
  const near = answer?.before ?? answer?.after ?? DEFAULT_RULE_SET;
  return {
    rules: near.id,
    says: ` (no rule set is of ${escapeControl(version)}, this one is near)`,
  };
}

/**
 * The rule set that an imported trace names, and why that one, in words: of the version that the
 * capture or the configuration names, else by the shape of the lines.
 */
export function rulesOf(
  importer: Importer,
  config: HaproxyConfig | null,
): { readonly rules: string; readonly why: string } {
  const named = importer.version ?? config?.version ?? null;
  const { rules, says } = nearestTo(named ?? importer.shape);
  if (named !== null) return { rules, why: `as HAProxy ${named} is named${says}` };
  const shape = `lines have the shape of ${importer.shape} or later`;
  return { rules, why: `a guess, as ${shape}; --rules says otherwise${says}` };
}
