import { type CallOperand, FREED, freedIdOf, NULL } from '../../format/calls.ts';
import { type CallReading, readingsOf } from '../../trace/calls/readings.ts';
import { type NameKind, type Rename, targetKind } from './name-kind.ts';

/**
 * The text of a call with other names: `session_add_conn(s7, c9) = 1`. A text that is no such call
 * stays as it is. Where ids with commas leave it open what the arguments are, they are what most
 * new names are there for; a text of which that does not decide stays as it is, too.
 */
export function renameCall(text: string, rename: Rename): string {
  const ways = readingsOf(text).map((reading) => renamed(reading, rename));
  const most = Math.max(0, ...ways.map(({ changes }) => changes));
  const [best, ...others] = ways.filter(({ changes }) => changes === most);
  return best === undefined || others.length > 0 ? text : best.text;
}

/** One way to rename what a call names, and how many names change by it. */
interface Renamed {
  readonly text: string;
  readonly changes: number;
}

function renamed({ fn, shape, args, result }: CallReading, rename: Rename): Renamed {
  let changes = 0;
  const word = (kind: CallOperand | null, old: string): string => {
    const name = renameWord(nameKind(kind, old), old, rename);
    if (name !== old) changes++;
    return name;
  };
  const words = args.map((arg, at) => word(shape.takes[at] ?? null, arg));
  const returned = result === null ? null : word(shape.returns === 'conn' ? 'conn' : null, result);
  const text = `${fn}(${words.join(', ')})${returned === null ? '' : ` = ${returned}`}`;
  return { text, changes };
}

/** What an operand of a kind names; null: nothing. */
function nameKind(kind: CallOperand | null, word: string): NameKind | null {
  if (kind === 'is_safe') return null;
  return kind === 'target' ? targetKind(word) : kind;
}

function renameWord(kind: NameKind | null, word: string, rename: Rename): string {
  if (kind === null || word === NULL) return word;
  return kind === 'sess' ? renameOwner(word, rename) : rename(kind, word);
}

/** A session, or one that is freed: an id may end like that, too, and then has a new name itself. */
export function renameOwner(owner: string, rename: Rename): string {
  const whole = rename('sess', owner);
  const gone = freedIdOf(owner);
  return whole !== owner || gone === null ? whole : rename('sess', gone) + FREED;
}
