import { isClean } from '../../trace/text/escape.ts';

const SAFE = /^[A-Za-z0-9_@%+:,./=-]+$/;

/** An argument that a POSIX shell reads as it is; control characters take `$'…'` of bash and zsh. */
export function shellQuote(argument: string): string {
  if (SAFE.test(argument)) return argument;
  if (isClean(argument)) return `'${argument.replaceAll("'", "'\\''")}'`;
  let quoted = '';
  for (const character of argument) {
    if (character === "'" || character === '\\') quoted += `\\${character}`;
    else if (!isClean(character)) {
      for (const byte of new TextEncoder().encode(character)) {
        quoted += `\\x${byte.toString(16).padStart(2, '0')}`;
      }
    } else quoted += character;
  }
  return `$'${quoted}'`;
}

/** A path as an argument: one that begins with a dash must not be taken for an option. */
export function pathArgument(path: string): string {
  return shellQuote(path.startsWith('-') ? `./${path}` : path);
}
