const SAFE = /^[A-Za-z0-9_@%+:,./=-]+$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what cannot be quoted plainly
const NEEDS_ESCAPES = /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

/** An argument that a POSIX shell reads as it is; control characters take `$'…'` of bash and zsh. */
export function shellQuote(argument: string): string {
  if (SAFE.test(argument)) return argument;
  if (!NEEDS_ESCAPES.test(argument)) return `'${argument.replaceAll("'", "'\\''")}'`;
  let quoted = '';
  for (const character of argument) {
    if (character === "'" || character === '\\') quoted += `\\${character}`;
    else if (NEEDS_ESCAPES.test(character)) {
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
