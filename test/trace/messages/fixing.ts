import type { Problem } from '../../../src/trace/index.ts';

/** Where a JSON value that begins at an offset ends. */
function valueEnd(line: string, at: number): number {
  const [word] = /^(?:-?[\d.]+|true|false|null)/.exec(line.slice(at)) ?? [];
  if (word !== undefined) return at + word.length;
  for (let end = at + 1; end <= line.length; end++) {
    try {
      JSON.parse(line.slice(at, end));
      return end;
    } catch {
      // Not the whole of it yet.
    }
  }
  return line.length;
}

/** The string that an offset is inside of, as its beginning and end. */
function stringAround(line: string, at: number): [from: number, to: number] {
  for (const match of line.matchAll(/"(?:[^"\\]|\\.)*"/g)) {
    const to = match.index + match[0].length;
    if (match.index <= at && at < to) return [match.index, to];
  }
  return [at, at];
}

function replaced(line: string, from: number, to: number, by: string): string {
  return line.slice(0, from) + by + line.slice(to);
}

/** Puts another value behind a key, the last one before an offset. */
function withValue(line: string, key: string, before: number, value: string): string {
  const at = line.lastIndexOf(`"${key}":`, before) + key.length + 3;
  return replaced(line, at, valueEnd(line, at), value);
}

/**
 * Does what a message says, and nothing that it does not say: to the line and the column that it
 * names. The text of the line tells where a value ends, no more.
 */
export function fixed(text: string, { line: number, column, allowed }: Problem): string {
  const lines = text.split('\n');
  const line = lines[number - 1] ?? '';
  const at = column - 1;
  const advice = allowed ?? '';
  const set = (changed: string): string => lines.with(number - 1, changed).join('\n');

  const [, meant] = /did you mean (.+?)\?(?: |$)/.exec(advice) ?? [];
  if (meant !== undefined) {
    if (/["[{\d\-tfn]/.test(line.charAt(at)) && !/[\w(]/.test(line.charAt(at - 1))) {
      return set(replaced(line, at, valueEnd(line, at), meant));
    }
    // A word of a text, or one without quotes.
    const end = at + (/^[\w./!-]+/.exec(line.slice(at))?.[0].length ?? 0);
    const word: unknown = JSON.parse(meant);
    const [from] = stringAround(line, at);
    return set(replaced(line, at, end, from < at && typeof word === 'string' ? word : meant));
  }
  const [, call] = /it is written (?:like )?("(?:[^"\\]|\\.)*")/.exec(advice) ?? [];
  if (call !== undefined) return set(replaced(line, ...stringAround(line, at), call));
  const [, value] = /it is written: (\S+)$/.exec(advice) ?? [];
  if (value !== undefined) {
    return set(line.slice(0, at) + line.slice(at).replace(/^[+\w.]+/, value));
  }
  if (advice.endsWith('remove it')) return set(replaced(line, at, at + 1, ''));
  const [, quoted] = /stands? in double quotes: ("[^"]*")$/.exec(advice) ?? [];
  if (quoted !== undefined) {
    return set(line.slice(0, at) + line.slice(at).replace(/^[“'‘]?[\w/.-]+[”'’]?/, quoted));
  }
  if (advice.includes('"note":')) return set(line.slice(0, at).trimEnd());
  const declarations = advice.split('declared in config, e.g. ')[1] ?? '';
  if (declarations !== '') {
    let changed = text;
    for (const [, section, declared] of declarations.matchAll(/(\w+): \{(".*?": \{\})\}/g)) {
      changed = changed.replace(`"${section}":{`, `"${section}":{${declared},`);
    }
    return changed;
  }
  const [, belongs] = /^it belongs in (\w+);/.exec(advice) ?? [];
  if (belongs !== undefined) {
    const end = valueEnd(line, valueEnd(line, at) + 1);
    const entry = line.slice(at, end);
    return set(line.replace(`,${entry}`, '').replace(`"${belongs}":{`, `"${belongs}":{${entry},`));
  }
  const [, key, specimen] = /e\.g\. ([\w-]+): (.*)$/.exec(advice) ?? [];
  if (key !== undefined && specimen !== undefined) {
    if (!advice.startsWith('it is required')) return set(withValue(line, key, column, specimen));
    return set(line.replace('{', `{"${key}":${specimen},`));
  }
  return text;
}
