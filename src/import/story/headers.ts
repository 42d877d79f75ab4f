import { headerOf, type Reading } from '../lines/reading.ts';
import type { Story } from './story.ts';

/** The headers that the rules read, by their name in small letters, as a trace spells them. */
const NAMES: ReadonlyMap<string, string> = new Map([
  ['www-authenticate', 'WWW-Authenticate'],
  ['proxy-authenticate', 'Proxy-Authenticate'],
]);
/** What a challenge begins with; what follows is a secret. */
const SCHEME = /^[\w!#$%&'*+.^`|~-]{1,40}/;
/** Schemes of a response that are kept. */
const SCHEMES_MAX = 20;

/**
 * Headers of answers that the capture shows: before the line of an H2 answer, behind that of any
 * other. Of two headers the scheme is kept, of all others nothing.
 */
export class ReceivedHeaders {
  /** Of the answer that comes, or that was there last. */
  #headers = new Map<string, string[]>();

  /** A record is about to be taken: headers may stand in it, or before it. */
  before(r: Reading, text: string): void {
    if (r.fn === 'h2c_dec_hdrs') {
      const header = headerOf(text);
      if (header !== null) this.add(header);
    }
  }

  /** A header of whatever message is read just now. */
  add({ name, value }: { readonly name: string; readonly value: string }): void {
    const known = NAMES.get(name.toLowerCase());
    if (known === undefined) return;
    const scheme = SCHEME.exec(value.trim())?.[0];
    if (scheme === undefined) return;
    const schemes = this.#headers.get(known);
    if (schemes === undefined) this.#headers.set(known, [scheme]);
    else if (schemes.length < SCHEMES_MAX && !schemes.includes(scheme)) schemes.push(scheme);
  }

  /** A record was taken: an answer gets the headers that belong to it. */
  after(s: Story, r: Reading): void {
    if (r.fn === 'h2c_dec_hdrs') return;
    if (/^rcvd H[12] response/.test(r.message)) {
      const back = r.mux === null ? null : s.answered(r.mux, r.stream, r.headId);
      if (r.kind !== 'h2') this.#headers = new Map();
      if (back !== null) {
        // Those of an H2 answer are there, those of others will be.
        if (back.challenge !== null) back.challenge.headers = this.#headers;
        else back.headers = this.#headers;
      }
    }
    // Whatever comes belongs to something else, unless it is behind this very record.
    if (r.kind === 'h2' || !/^rcvd H1 response/.test(r.message)) this.#headers = new Map();
  }
}
