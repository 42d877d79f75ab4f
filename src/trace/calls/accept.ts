import { type CallOperand, type CallShape, NULL } from '../../format/calls.ts';
import { type CallNames, isNamed } from './call-names.ts';
import { readingsOf } from './readings.ts';

/**
 * Whether a text is a call that counts as a trace writes it, of names that there are. It runs for every call of a
 * trace: the usual ones, whose ids have neither commas nor parentheses, are taken in one go.
 */
export function acceptCall(text: string, names: CallNames): boolean {
  return (
    isUsual(text, names) ||
    readingsOf(text).some((reading) => {
      const { fn, shape, args, result } = reading;
      return (
        names.counted.has(fn) &&
        args.every((word, at) => isOperand(shape.takes[at], word, names)) &&
        isResult(shape, result, names)
      );
    })
  );
}

function isUsual(text: string, names: CallNames): boolean {
  const open = text.indexOf('(');
  const shape = names.counted.get(text.slice(0, open));
  if (shape === undefined) return false;
  const { takes } = shape;
  const last = takes.length - 1;
  let at = open + 1;
  for (let index = 0; index <= last; index++) {
    const end = text.indexOf(index === last ? ')' : ', ', at);
    if (end === -1 || !isOperand(takes[index], text.slice(at, end), names)) return false;
    at = index === last ? end : end + 2;
  }
  // Stands at the closing parenthesis now.
  if (text.charAt(at) !== ')') return false;
  if (at + 1 === text.length) return isResult(shape, null, names);
  return text.startsWith(' = ', at + 1) && isResult(shape, text.slice(at + 4), names);
}

/** Whether a word can be an argument of a kind. */
export function isOperand(kind: CallOperand | undefined, word: string, names: CallNames): boolean {
  if (kind === 'is_safe') return word === '0' || word === '1';
  return kind !== undefined && isNamed(names, kind, word);
}

/** Whether a word can be what a call gives back; nothing can, as one that crashes never returns. */
export function isResult({ returns }: CallShape, word: string | null, names: CallNames): boolean {
  if (word === null) return true;
  if (returns === null) return false;
  if (returns === 'conn') return word === NULL || names.has('conn', word);
  return returns.some((number) => word === String(number));
}
