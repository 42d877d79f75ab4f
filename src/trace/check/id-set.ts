import { DigestSet } from './digest-set.ts';

/** Numbers per page: a page is a bitmap of 128 bytes. */
const PAGE_BITS = 10;
/** So many pages a family may have whatever is on them; more only if that many ids are on each. */
const FREE_PAGES = 256;
const IDS_PER_PAGE = 32;
/** So many other strings are kept as they are, more by their digests. */
const MAX_STRINGS = 4096;
/** Most families; ids that would need another one are other strings. */
const MAX_FAMILIES = 16;
/** Most digits of a number, so that it fits a 32-bit integer. */
const MAX_DIGITS = 9;
/** Longest id that is taken apart. */
const MAX_LENGTH = 64;

const ZERO = 0x30;
const NINE = 0x39;

/** Ids that differ in one number only: `c1`, `c2`, … or `t1.conn`, `t2.conn`, … */
interface Family {
  readonly prefix: string;
  readonly suffix: string;
  /** How many digits a number with leading zeros has; 0 for numbers without. */
  readonly width: number;
  readonly pages: Map<number, Int32Array>;
  /** Ids on all pages. */
  count: number;
  /** Some ids of the family got no page, and are among the other strings. */
  isSparse: boolean;
  /** The page used last, as the next id is mostly on it. */
  pageNumber: number;
  page: Int32Array | undefined;
}

/**
 * A set of strings that only grows. Ids made of a prefix, a number and a suffix take a bit each, so
 * a million sessions cost kilobytes; all other strings, and numbers that lie too far apart, are kept
 * as they are, and by digests where they are very many. It is exact up to there; beyond, see
 * `DigestSet` for how seldom it errs.
 */
export class IdSet implements Iterable<string> {
  readonly #families: Family[] = [];
  readonly #others = new Set<string>();
  #digests: DigestSet | null = null;
  #size = 0;
  /** The number of the id that `#familyOf` looked at last. */
  #number = 0;

  /** How many strings the set holds. */
  get size(): number {
    return this.#size;
  }

  /** Whether the set holds the id. */
  has(id: string): boolean {
    const family = this.#familyOf(id, false);
    if (family === null) return this.#hasOther(id);
    const page = pageOf(family, this.#number >> PAGE_BITS);
    const word = page === undefined ? 0 : (page[(this.#number >> 5) & 31] ?? 0);
    return (word & (1 << (this.#number & 31))) !== 0 || (family.isSparse && this.#hasOther(id));
  }

  /** Adds an id; false when the set held it already. */
  add(id: string): boolean {
    const family = this.#familyOf(id, true);
    const added = family === null ? this.#addOther(id) : this.#addNumbered(family, id);
    if (added) this.#size++;
    return added;
  }

  /**
   * Every id, unless there are so many that digests are kept: numbered ones by family and page, then
   * the others in the order they came.
   */
  *[Symbol.iterator](): Generator<string> {
    for (const { prefix, suffix, width, pages } of this.#families) {
      for (const [pageNumber, page] of pages) {
        for (let bit = 0; bit < 1 << PAGE_BITS; bit++) {
          if (((page[bit >> 5] ?? 0) & (1 << (bit & 31))) === 0) continue;
          const number = (pageNumber << PAGE_BITS) + bit;
          yield prefix + String(number).padStart(width, '0') + suffix;
        }
      }
    }
    yield* this.#others;
  }

  #hasOther(id: string): boolean {
    return this.#others.has(id) || (this.#digests?.has(id) ?? false);
  }

  #addOther(id: string): boolean {
    if (this.#others.has(id)) return false;
    if (this.#others.size === MAX_STRINGS) {
      this.#digests ??= new DigestSet();
      return this.#digests.add(id);
    }
    this.#others.add(id);
    return true;
  }

  #addNumbered(family: Family, id: string): boolean {
    if (family.isSparse && this.#hasOther(id)) return false;
    const number = this.#number;
    const page = pageOf(family, number >> PAGE_BITS) ?? newPage(family, number >> PAGE_BITS);
    if (page === null) return this.#addOther(id);
    const word = page[(number >> 5) & 31] ?? 0;
    const bit = 1 << (number & 31);
    if ((word & bit) !== 0) return false;
    page[(number >> 5) & 31] = word | bit;
    family.count++;
    return true;
  }

  /**
   * The family of an id, with its number left in `#number`; null when the id is kept as a string.
   * The number is the longest run of digits, the first of several: `t1.conn.2` belongs to `t…conn.2`.
   */
  #familyOf(id: string, create: boolean): Family | null {
    const length = id.length;
    if (length > MAX_LENGTH) return null;
    let start = 0;
    let digits = 0;
    let number = 0;
    for (let at = 0, run = 0, value = 0; at < length; at++) {
      const code = id.charCodeAt(at);
      if (code < ZERO || code > NINE) {
        run = 0;
        value = 0;
        continue;
      }
      run++;
      value = value * 10 + code - ZERO;
      if (run > digits) {
        digits = run;
        start = at + 1 - run;
        number = value;
      }
    }
    if (digits === 0 || digits > MAX_DIGITS) return null;
    this.#number = number;
    const width = digits > 1 && id.charCodeAt(start) === ZERO ? digits : 0;
    const rest = length - start - digits;
    for (let index = 0; index < this.#families.length; index++) {
      const family = this.#families[index];
      if (family !== undefined && isOf(family, id, start, width, rest)) return family;
    }
    return create ? this.#newFamily(id.slice(0, start), id.slice(length - rest), width) : null;
  }

  #newFamily(prefix: string, suffix: string, width: number): Family | null {
    if (this.#families.length === MAX_FAMILIES) return null;
    const pages = new Map<number, Int32Array>();
    const family = {
      prefix,
      suffix,
      width,
      pages,
      count: 0,
      isSparse: false,
      pageNumber: -1,
      page: undefined,
    };
    this.#families.push(family);
    return family;
  }
}

/** Whether the prefix, the width and the suffix of an id are those of a family. */
function isOf(family: Family, id: string, start: number, width: number, rest: number): boolean {
  const { prefix, suffix } = family;
  if (prefix.length !== start || suffix.length !== rest || family.width !== width) return false;
  // Prefixes are mostly one letter: quicker compared here than by startsWith.
  for (let at = 0; at < start; at++) {
    if (prefix.charCodeAt(at) !== id.charCodeAt(at)) return false;
  }
  return rest === 0 || id.endsWith(suffix);
}

function pageOf(family: Family, pageNumber: number): Int32Array | undefined {
  if (family.pageNumber === pageNumber) return family.page;
  const page = family.pages.get(pageNumber);
  if (page !== undefined) {
    family.pageNumber = pageNumber;
    family.page = page;
  }
  return page;
}

/** Null when the ids of the family lie so far apart that pages for them would be nearly empty. */
function newPage(family: Family, pageNumber: number): Int32Array | null {
  const { pages } = family;
  if (pages.size >= FREE_PAGES && family.count < pages.size * IDS_PER_PAGE) {
    family.isSparse = true;
    return null;
  }
  const page = new Int32Array(1 << (PAGE_BITS - 5));
  pages.set(pageNumber, page);
  return page;
}
