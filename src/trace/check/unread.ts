import { connNameOf } from '../../format/conn-name.ts';

/** How much text of lines that were refused is kept, in UTF-16 code units. */
const MAX_KEPT = 1 << 20;

/** How much of it is searched in all, so that many lines with many mistakes end as well. */
const MAX_SEARCHED = 1 << 28;

// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids just these in a string
const NOISE = /[\\\u0000-\u001f]/g;

/** Events that introduce a stream. */
const CONNECTS = /assign_server|connect_server|tcpcheck_eval_connect|check_connect/;

/**
 * The lines of a trace that were refused: what they may have introduced is not told as unknown later.
 * Beyond so much text everything counts as mentioned.
 */
export class UnreadLines {
  readonly #texts: string[] = [];
  readonly #nameless = { session: 0, stream: 0 };
  #kept = 0;
  #searched = 0;

  /** Keeps a line. */
  add(text: string): void {
    this.#kept += text.length;
    if (this.#kept > MAX_KEPT) {
      this.#texts.length = 0;
      return;
    }
    // What may be wrong with it is an escape, or a control character, in an id.
    const clean = text.replace(NOISE, '');
    this.#texts.push(text, ...(clean === text ? [] : [clean]));
    if (/session_new/.test(text) && !/"sess"\s*:\s*(?!""|null)/.test(text))
      this.#nameless.session++;
    if (CONNECTS.test(text) && !/"strm"\s*:\s*(?!""|null)/.test(text)) this.#nameless.stream++;
  }

  /** Whether a line lacks the id of what it introduces, and none has been taken for it yet. */
  lacks(noun: string): boolean {
    if (noun !== 'session' && noun !== 'stream') return false;
    return this.#nameless[noun] > 0 && this.#nameless[noun]-- > 0;
  }

  /** Whether an id, or the stream that a connection is named after, stands in one of the lines. */
  mentions(id: string): boolean {
    if (this.#kept > MAX_KEPT) return true;
    if (this.#kept === 0) return false;
    this.#searched += this.#kept;
    if (this.#searched > MAX_SEARCHED) return true;
    const strm = connNameOf(id)?.strm ?? id;
    return this.#texts.some((text) => isWord(text, id) || (strm !== id && isWord(text, strm)));
  }
}

/** Whether an id stands in a text, as it is or as JSON spells it, and not as a part of another. */
function isWord(text: string, id: string): boolean {
  const quoted = JSON.stringify(id);
  // Blanks and commas stand everywhere.
  if (!/[\p{L}\p{N}]/u.test(id)) return text.includes(quoted);
  return [id, quoted.slice(1, -1)].some((each) => {
    for (let at = text.indexOf(each); at !== -1; at = text.indexOf(each, at + 1)) {
      if (!isInside(text, at) && !isInside(text, at + each.length)) return true;
    }
    return false;
  });
}

/** Whether letters or digits stand on both sides of an offset. */
function isInside(text: string, at: number): boolean {
  return /^\w\w$/.test(text.slice(Math.max(at - 1, 0), at + 1));
}
