import type { SessView } from '../../engine/view/view.ts';
import { FREED } from '../../format/calls.ts';
import type { Value } from '../../replay/result.ts';
import { isClean, jsonText } from '../../trace/text/escape.ts';
import { glue, type Item, type Text, text } from './layout.ts';
import type { Palette } from './palette.ts';

const PLAIN_ID = /^[^\s,;"'[\]{}→]*[^\s,;:"'[\]{}→]$/;
const RESERVED = new Set(['null', 'true', 'false']);

/**
 * An id as it is printed: as it is, or in double quotes when it could be taken for something
 * else (it has blanks, commas, brackets or control characters, or spells `null`).
 */
export function idText(id: string): string {
  return isClean(id) && PLAIN_ID.test(id) && !RESERVED.has(id) ? id : jsonText(id);
}

/** An id in the colour of ids; a dangling one (`s1!freed`) stands out. */
export function idWord(id: string, palette: Palette): Text {
  return text(idText(id), id.endsWith(FREED) ? palette.bad : palette.id);
}

/** A list as the words of one item: `[c1`, `c2]`. */
export function listWords(list: readonly string[], word: (entry: string) => Text): Item {
  if (list.length === 0) return [text('[]')];
  return list.map((entry, index) =>
    glue(text(index === 0 ? '[' : ''), word(entry), text(index === list.length - 1 ? ']' : '')),
  );
}

/** A session's `srv_list` as words: `[b/srv1:`, `c1`, `c2;`, `b/srv2:`, `c3]`. */
export function srvListWords(srvList: SessView['srv_list'], palette: Palette): Item {
  const words: Text[] = [];
  srvList.forEach(([target, conns], index) => {
    const entry = [
      glue(idWord(target, palette), text(':')),
      ...conns.map((conn) => idWord(conn, palette)),
    ];
    const last = index === srvList.length - 1;
    entry.forEach((word, place) => {
      const closes = place === entry.length - 1 && !last;
      words.push(closes ? glue(word, text(';')) : word);
    });
  });
  const first = words[0];
  const last = words.at(-1);
  if (first === undefined || last === undefined) return [text('[]')];
  if (words.length === 1) return [glue(text('['), first, text(']'))];
  return [glue(text('['), first), ...words.slice(1, -1), glue(last, text(']'))];
}

/** True for the value of `srv_list`: a list of `[target, [connection, …]]`. */
function isPairs(value: readonly Value[]): boolean {
  return value.length > 0 && value.every((entry) => Array.isArray(entry) && entry.length === 2);
}

/** A value of an expectation or an outcome on one line, in the notation of the whole report. */
export function valueText(value: Value): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return idText(value);
  if (typeof value !== 'object') return String(value);
  if (!Array.isArray(value)) {
    const fields = Object.entries(value).map(
      ([key, field]) => `${idText(key)} ${valueText(field)}`,
    );
    return `{${fields.join(', ')}}`;
  }
  if (isPairs(value)) {
    return `[${value.map((entry) => pairText(entry)).join('; ')}]`;
  }
  return `[${value.map(valueText).join(' ')}]`;
}

/** One `[target, [connection, …]]` as `b/srv: c1 c2`; any other value as it is. */
export function pairText(value: Value): string {
  if (!Array.isArray(value)) return valueText(value);
  const [target = null, conns = null] = value;
  const ids = Array.isArray(conns) ? conns.map(valueText).join(' ') : valueText(conns);
  return `${valueText(target)}: ${ids}`;
}
