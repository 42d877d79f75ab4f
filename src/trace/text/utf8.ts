/** What node puts for bytes that are not UTF-8: a text with it may have been another one. */
export const REPLACEMENT = '\ufffd';

/** The first place where bytes stop being UTF-8. */
export interface BadUtf8 {
  /** Offset of the first byte of the character that is none. */
  readonly offset: number;
  /** The bytes end inside a character that is right so far. */
  readonly truncated: boolean;
}

/** Finds the first byte that is not UTF-8 (no overlong forms, no surrogates); null when all is. */
export function findBadUtf8(bytes: Uint8Array): BadUtf8 | null {
  let offset = 0;
  while (offset < bytes.length) {
    const lead = bytes[offset] ?? 0;
    const length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    if ((lead >= 0x80 && lead < 0xc2) || lead > 0xf4) return { offset, truncated: false };
    for (let next = 1; next < length; next++) {
      const byte = bytes[offset + next];
      if (byte === undefined) return { offset, truncated: true };
      const min = next > 1 ? 0x80 : lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
      const max = next > 1 ? 0xbf : lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
      if (byte < min || byte > max) return { offset, truncated: false };
    }
    offset += length;
  }
  return null;
}
