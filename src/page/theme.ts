import { h } from './dom.ts';

const THEMES = ['system', 'light', 'dark'] as const;
type ThemeName = (typeof THEMES)[number];
const WORDS = { system: 'system colours', light: 'light', dark: 'dark' } as const;
const KEY = 'replay-theme';

/** What was chosen before; a page that was opened from a file may not be allowed to know. */
function remembered(): ThemeName {
  try {
    const known = localStorage.getItem(KEY);
    return THEMES.find((name) => name === known) ?? 'system';
  } catch {
    return 'system';
  }
}

function apply(name: ThemeName): void {
  if (name === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = name;
}

/** The switch between light and dark, which calls back after each change. */
export function themeSwitch(changed: () => void): HTMLElement {
  const name = remembered();
  apply(name);
  const select = h('select', { id: 'theme', title: 'Light or dark' });
  for (const each of THEMES) {
    select.append(h('option', { value: each, selected: each === name }, WORDS[each]));
  }
  select.addEventListener('change', () => {
    const chosen = THEMES.find((each) => each === select.value) ?? 'system';
    apply(chosen);
    try {
      localStorage.setItem(KEY, chosen);
    } catch {
      // It holds for this page, then.
    }
    changed();
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', changed);
  return h('label', { class: 'theme' }, h('span', { class: 'unseen' }, 'Colours'), select);
}
