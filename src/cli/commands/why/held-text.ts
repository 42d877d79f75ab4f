import { whyLines } from '../../../report/parts/why.ts';
import { block, count, flow, type Item, sentence, text } from '../../../report/text/layout.ts';
import type { Palette } from '../../../report/text/palette.ts';
import { idWord } from '../../../report/text/value.ts';
import type { HeldAnswer, HeldGroup } from '../../../why/index.ts';

/** Columns of the number of connections, with what stands around it. */
const NUMBER = 12;
/** Groups, and sessions and connections of each, that are told one by one. */
const GROUPS_SHOWN = 12;
const NAMED_MAX = 5;

type Look = { readonly width: number; readonly palette: Palette };

function listed(items: readonly Item[], all: number): Item[] {
  return all > items.length
    ? [...items, ...sentence(`and ${all - items.length} more`)]
    : [...items];
}

/** How the connections of a group are held. */
function heldItems({ holder, list, isPrivate, sessions, conns }: HeldGroup, { palette }: Look) {
  const owned = [...sessions].filter(([session]) => session !== null);
  const many = count(owned.length, 'session');
  const how: Record<HeldGroup['holder'], string> = {
    stream: owned.length === 0 ? 'in use, owned by nobody' : `in use, of ${many}:`,
    session: owned.length === 1 ? 'waiting in the list of' : `waiting in the lists of ${many}:`,
    pool: `waiting in the pool, ${list}`,
    removal: 'waiting to be removed',
    nobody: 'in no list, and used by nobody',
  };
  const which = owned
    .slice(0, NAMED_MAX)
    .map(([session, number]): Item => [idWord(session ?? '', palette), text(`(${number})`)]);
  const ids = conns.slice(0, NAMED_MAX).map(({ id }): Item => [idWord(id, palette)]);
  return [
    ...(isPrivate ? sentence('private,', palette.warn) : []),
    ...sentence(how[holder], holder === 'nobody' ? palette.bad : undefined),
    ...listed(which, owned.length),
    [text('—')],
    ...listed(ids, conns.length),
  ];
}

function groupLines(group: HeldGroup, look: Look): string[] {
  const { conns, target } = group;
  const { palette, width } = look;
  const [oldest] = conns;
  if (oldest === undefined) return [];
  const lead = text(`${String(conns.length).padStart(NUMBER - 2)}  `, palette.strong);
  const head = [
    ...sentence('to'),
    [idWord(target, palette)],
    ...heldItems(group, look),
    ...sentence(`— the first since step ${oldest.now.from.step}`),
  ];
  return [
    flow(lead, head, { width, indent: NUMBER, gap: 1 }),
    ...whyLines(oldest.now.by.slice(-1), text(' '.repeat(NUMBER)), look),
  ];
}

/** Who holds which connections, in words: the largest groups, each with the rule of its first one. */
export function heldText({ groups, steps }: HeldAnswer, look: Look): string {
  const sum = (some: readonly HeldGroup[]): number =>
    some.reduce((all, { conns }) => all + conns.length, 0);
  const others = sum(groups.slice(GROUPS_SHOWN));
  const head = `${count(sum(groups), 'connection')} alive after ${count(steps, 'step')}`;
  return block([
    head,
    ...groups.slice(0, GROUPS_SHOWN).flatMap((group) => groupLines(group, look)),
    ...(others === 0
      ? []
      : [`${' '.repeat(NUMBER)}and ${others} more, which --reporter json tells`]),
  ]);
}
