import { deflateSync } from 'node:zlib';
import { Numbers } from './names.ts';
import { BLOCK, type PackedBlock } from './told.ts';

/** UTF-16 code units of the forms of a block; a browser reads as much to show a step. */
const FORMS_LENGTH = 1024 * 1024;
/** Numbers of a block, likewise. */
const VALUES_MAX = 128 * 1024;
/** Numbers that differ and have a place of their own in a form; any more stand in it as they are. */
const PLACES_MAX = 90;

/** From two digits on: smaller numbers tell forms apart more often than they tell steps apart. */
const NUMBER = /[1-9]\d{1,14}/g;
const EVERY_SIGN = new RegExp(BLOCK.sign, 'g');

/** A value as JSON, deflated, in base64: a browser inflates it by itself. */
export function packed(value: unknown): string {
  return deflateSync(JSON.stringify(value), { level: 7 }).toString('base64');
}

/**
 * Texts of JSON that are much alike: each is the number of its form, and the numbers that stand in it.
 * The steps of a trace have a few hundred forms, however many they are, once the numbers are taken
 * from `c4711` and from counters.
 */
export class Block {
  readonly #forms = new Numbers<string>((form) => form);
  readonly #formOf: number[] = [];
  readonly #valueCount: number[] = [];
  readonly #values: number[] = [];
  #length = 0;

  get count(): number {
    return this.#formOf.length;
  }

  /** It is time to begin another one. */
  get isFull(): boolean {
    return this.#length >= FORMS_LENGTH || this.#values.length >= VALUES_MAX;
  }

  /** Adds a value. */
  add(value: unknown): void {
    const text = JSON.stringify(value).replace(EVERY_SIGN, BLOCK.escaped);
    const places = new Map<string, number>();
    const form = text.replace(NUMBER, (digits) => {
      let place = places.get(digits);
      if (place === undefined) {
        if (places.size === PLACES_MAX) return digits;
        place = places.size;
        places.set(digits, place);
        this.#values.push(Number(digits));
      }
      return BLOCK.sign + String.fromCharCode(BLOCK.firstPlace + place);
    });
    const known = this.#forms.all.length;
    this.#formOf.push(this.#forms.of(form));
    if (this.#forms.all.length > known) this.#length += form.length;
    this.#valueCount.push(places.size);
  }

  /** All of it, as it stands in a page. */
  pack(): string {
    const block: PackedBlock = {
      forms: this.#forms.all,
      formOf: this.#formOf,
      valueCount: this.#valueCount,
      values: this.#values,
    };
    return packed(block);
  }
}
