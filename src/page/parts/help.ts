import { h } from '../dom.ts';

const KEYS: readonly (readonly [keys: string, does: string])[] = [
  ['← →', 'the step before, the next step'],
  ['Home End', 'the first step, the last one'],
  ['↑ ↓', 'the lane above, the lane below'],
  ['n p', 'the next mark, the mark before'],
  ['/', 'search: an id, an event, a rule, the number of a step'],
  ['Enter', 'in the search: the next step found; with Shift the one before'],
  ['+ − 0', 'wider, narrower, the whole trace'],
  ['Esc', 'no lane chosen; what is open is closed'],
  ['?', 'these keys'],
];

const POINTER: readonly (readonly [does: string, comes: string])[] = [
  ['Wheel', 'up and down the lanes, or wider and narrower where all are seen'],
  ['Ctrl + wheel, pinch', 'wider and narrower'],
  ['Shift + wheel, drag', 'along the steps'],
  ['Click', 'chooses a step and a lane; on the strip above, shows that part'],
  ['Hover over a session', 'lights up all that it owns'],
];

function table(title: string, rows: typeof KEYS): HTMLElement {
  return h(
    'table',
    {},
    h('caption', {}, title),
    h(
      'tbody',
      {},
      rows.map(([one, other]) => h('tr', {}, h('th', { scope: 'row' }, one), h('td', {}, other))),
    ),
  );
}

/** The list of keys, in a window of its own. */
export function helpDialog(): HTMLDialogElement {
  const dialog = h(
    'dialog',
    { 'aria-label': 'Keys', class: 'help' },
    table('Keys', KEYS),
    table('Pointer', POINTER),
  );
  dialog.append(h('form', { method: 'dialog' }, h('button', {}, 'Close')));
  return dialog;
}
