/** Digests of a bucket at most. */
const PLACES = 64;
/** Buckets whose memory is allocated together. */
const SLAB = 1024;
/** Leading bits of a digest that may tell buckets apart. */
const DEPTH_MAX = 26;

/** Memory of many buckets. A digest is two words and a half one. */
class Slab {
  readonly ones = new Uint32Array(SLAB * PLACES);
  readonly others = new Uint32Array(SLAB * PLACES);
  readonly halves = new Uint16Array(SLAB * PLACES);
  /** Digests of each bucket, and how many leading bits these have in common. */
  readonly counts = new Uint8Array(SLAB);
  readonly depths = new Uint8Array(SLAB);
}

/**
 * A set of strings that only grows, and keeps a digest of 80 bits of each: some 15 bytes, however
 * long it is. Buckets of digests split when they are full, so that nothing is ever copied as a whole.
 *
 * A string that was never added is taken for one that was with a chance of one in 2^80 for each that
 * was: about one in ten thousand million for a trace that asks ten million times about ten million.
 */
export class DigestSet {
  readonly #slabs: Slab[] = [];
  #buckets = 0;
  /** The buckets by the leading bits of their digests, as many bits as any needs. */
  #directory = new Uint32Array([this.#newBucket(0)]);
  #depth = 0;
  /** Strings whose bucket could not be split any more. */
  readonly #rest = new Set<string>();
  /** The digest that `#digest` made last. */
  #one = 0;
  #other = 0;
  #half = 0;

  /** Whether the set holds the string. */
  has(text: string): boolean {
    this.#digest(text);
    return this.#isIn(this.#bucket()) || this.#rest.has(text);
  }

  /** Adds a string; false when the set held it already. */
  add(text: string): boolean {
    if (this.has(text)) return false;
    for (;;) {
      const bucket = this.#bucket();
      if (this.#slab(bucket).counts[bucket % SLAB] !== PLACES) {
        this.#put(bucket, this.#one, this.#other, this.#half);
        return true;
      }
      if (this.#slab(bucket).depths[bucket % SLAB] === DEPTH_MAX) {
        this.#rest.add(text);
        return true;
      }
      this.#split(bucket);
    }
  }

  #slab(bucket: number): Slab {
    const slab = this.#slabs[Math.floor(bucket / SLAB)];
    if (slab === undefined) throw new RangeError(`no bucket ${bucket}`);
    return slab;
  }

  #newBucket(depth: number): number {
    const bucket = this.#buckets++;
    if (bucket % SLAB === 0) this.#slabs.push(new Slab());
    this.#slab(bucket).depths[bucket % SLAB] = depth;
    return bucket;
  }

  /** The bucket of the last digest. */
  #bucket(): number {
    // A shift by 32 bits is one by none.
    const at = this.#depth === 0 ? 0 : this.#one >>> (32 - this.#depth);
    return this.#directory[at] ?? 0;
  }

  #isIn(bucket: number): boolean {
    const { ones, others, halves, counts } = this.#slab(bucket);
    const from = (bucket % SLAB) * PLACES;
    const to = from + (counts[bucket % SLAB] ?? 0);
    for (let at = from; at < to; at++) {
      if (ones[at] === this.#one && others[at] === this.#other && halves[at] === this.#half) {
        return true;
      }
    }
    return false;
  }

  #put(bucket: number, one: number, other: number, half: number): void {
    const { ones, others, halves, counts } = this.#slab(bucket);
    const count = counts[bucket % SLAB] ?? 0;
    const at = (bucket % SLAB) * PLACES + count;
    ones[at] = one;
    others[at] = other;
    halves[at] = half;
    counts[bucket % SLAB] = count + 1;
  }

  /** Moves the digests of a bucket whose next bit is set to a new one. */
  #split(bucket: number): void {
    const slab = this.#slab(bucket);
    const depth = (slab.depths[bucket % SLAB] ?? 0) + 1;
    if (depth > this.#depth) this.#deepen();
    slab.depths[bucket % SLAB] = depth;
    const sibling = this.#newBucket(depth);
    // All digests that begin like the last one and go on with a set bit.
    const beginning = depth === 1 ? 1 : (this.#one >>> (32 - depth)) | 1;
    const places = 2 ** (this.#depth - depth);
    this.#directory.fill(sibling, beginning * places, (beginning + 1) * places);
    const from = (bucket % SLAB) * PLACES;
    slab.counts[bucket % SLAB] = 0;
    for (let at = from; at < from + PLACES; at++) {
      const one = slab.ones[at] ?? 0;
      const to = ((one >>> (32 - depth)) & 1) === 1 ? sibling : bucket;
      this.#put(to, one, slab.others[at] ?? 0, slab.halves[at] ?? 0);
    }
  }

  #deepen(): void {
    const directory = new Uint32Array(2 * this.#directory.length);
    for (let at = 0; at < directory.length; at++) directory[at] = this.#directory[at >>> 1] ?? 0;
    this.#directory = directory;
    this.#depth++;
  }

  /** Three hashes that have nothing in common but their way: multiply, and mix from above. */
  #digest(text: string): void {
    let one = 0x9e3779b9 ^ text.length;
    let other = 0x243f6a88;
    let half = 0xb7e15162;
    for (let at = 0; at < text.length; at++) {
      const unit = text.charCodeAt(at);
      one = Math.imul(one ^ unit, 0x85ebca6b);
      one ^= one >>> 15;
      other = Math.imul(other ^ unit, 0xc2b2ae35);
      other ^= other >>> 13;
      half = Math.imul(half ^ unit, 0x27d4eb2f);
      half ^= half >>> 16;
    }
    this.#one = mixed(one);
    this.#other = mixed(other);
    this.#half = mixed(half) >>> 16;
  }
}

function mixed(hash: number): number {
  let bits = hash ^ (hash >>> 16);
  bits = Math.imul(bits, 0x21f0aaad);
  bits ^= bits >>> 15;
  bits = Math.imul(bits, 0x735a2d97);
  return (bits ^ (bits >>> 15)) >>> 0;
}
