import type { RuleSet } from '../../../engine/index.ts';
import { type Backport, changedSince, versionOf } from '../../../history/index.ts';
import { block, flow, type Item, sentence, text } from '../../../report/text/layout.ts';
import type { RuleSetOptions } from './text.ts';

const MARGIN = 2;

function changeLines(change: Backport, options: RuleSetOptions) {
  const { commits, bug, first, from, says, seenIn } = change;
  const { palette, width } = options;
  const asked = from === null ? 'asked for in every branch' : `asked for in ${from} and later`;
  const seen = seenIn === undefined ? '' : `; ${seenIn} was seen to have it`;
  const head: Item[] = [
    [text(bug ?? 'no bug', palette.strong)],
    ...commits.flatMap(({ id, date }) => [[text('·')], [text(`${id} ${date}`)]]),
    [text('·')],
    ...sentence(`in ${first}, ${asked}${seen}`, palette.faint),
  ];
  return [
    flow(text(''), head, { width, indent: MARGIN * 2, gap: 1 }),
    flow(text(' '.repeat(MARGIN)), sentence(says), { width, indent: MARGIN, gap: 1 }),
  ];
}

/**
 * What the branch of a release is known to have changed after it, oldest first, each with its bug.
 * Empty for a rule set that is no release, and for one that nothing is known to have come after.
 */
export function branchText(set: RuleSet, options: RuleSetOptions): string {
  const version = versionOf(set.id);
  const branch = version && versionOf(version.branch);
  if (version === null || branch === null) return '';
  const changes = changedSince(version, branch);
  if (changes.length === 0) return '';
  const lead =
    `${branch.branch} after ${set.id}, as far as it is known: what was asked for there, ` +
    'not what each release took over';
  const head = flow(text(''), sentence(`${lead}:`), {
    width: options.width,
    indent: MARGIN,
    gap: 1,
  });
  return block(['', head, ...changes.flatMap((each) => ['', ...changeLines(each, options)])]);
}
