import { REPORTER_NAMES } from '../../../src/report/index.ts';
import { traceName } from './hostile.ts';

/** Every kind of call that can print a text which came from outside, by what it is. */
export function calls(text: string): Readonly<Record<string, readonly string[]>> {
  const trace = traceName(text);
  const all = ['--explain', '--coverage', '--strict', '--full', 'all', `gone${text}`];
  const reporters = REPORTER_NAMES.flatMap((name) => [
    [`replay to ${name}`, ['--reporter', name, ...all.filter((arg) => arg !== '--full')]],
    [`all to ${name}`, ['--color', 'always', '--reporter', name, ...all]],
    [`merge to ${name}`, ['merge', '--color', 'always', '--reporter', name, 'report.json']],
  ]);
  const sets = ['--from', '21ddc74e8', '--to', '08016ab82'];
  return {
    ...Object.fromEntries(reporters),
    quiet: ['-q', 'all'],
    graph: ['--graph', '--color', 'always', '--explain', '--all-divergences', 'all'],
    'graph of an id': ['--graph', '--glyphs', 'ascii', '--only', text, trace],
    'every step under the other rules': ['--rules', '21ddc74e8', trace],
    'steps of an id': ['--only', text, trace],
    compare: ['compare', '--color', 'always', ...sets, '--steps', 'all', 'all', `gone${text}`],
    'compare with lanes': ['compare', '--graph', '--color', 'always', ...sets, 'all'],
    'compare quietly': ['compare', '-q', ...sets, 'all'],
    'compare many': ['compare', '--color', 'always', '--rules', 'all', 'all', `gone${text}`],
    'compare many quietly': ['compare', '-q', '--rules', '2.3.0,latest', 'all'],
    'compare an unknown set among many': ['compare', '--rules', `2.3.0,${text}`, trace],
    'which of one': ['which', '--color', 'always', trace],
    'which of many': ['which', 'all', `gone${text}`],
    'who holds connections': ['why', '--color', 'always', trace],
    'who has held one': ['why', trace, '--conn', text],
    'who has held one, to json': ['why', trace, '--conn', text, '--reporter', 'json'],
    'why a request got its own': ['why', trace, '--request', text],
    'who has held an unknown one': ['why', trace, '--conn', `${text}0`],
    'align to standard output': ['align', trace],
    'align to a file': ['align', trace, '--out', `aligned${text}.json`],
    'minimize to standard output': ['minimize', trace],
    'minimize to a file': ['minimize', trace, '--out', `small${text}.json`],
    'minimize nothing': ['minimize', '--property', 'no-crash', trace],
    explore: ['explore', '--all', '--explain', '--states', '300', 'world.json'],
    'explore to files': ['explore', '--all', '--states', '300', '--out', `o${text}`, 'world.json'],
    'explore a wrong world': ['explore', 'wrong.json'],
    'explore by an unknown name': ['explore', text],
    update: ['-u', '--update-force', 'update.jsonl', 'all', `gone${text}`],
    'merge what is no report': ['merge', 'no-report.json', `gone${text}`],
    'an unknown rule set': ['--rules', text, trace],
    'an unknown reporter': ['--reporter', text, trace],
    'a report in no folder': ['--reporter', `json=gone${text}/report.json`, trace],
    'an unknown invariant': ['--invariant', text, trace],
    'an unknown update mode': [`--update=${text}`, trace],
    'an unknown option': [`--${text}`, trace],
    'a shard that is none': ['--shard', text, trace],
    'an unknown schema': ['schema', text],
    'rules of an unknown set': ['rules', text],
    'a property that is none': ['minimize', '--property', text, trace],
    'an output in no folder': ['minimize', trace, '--out', `gone${text}/small.jsonl`],
  };
}
