import type { Field, Fields, FlagWord, Kind, Link } from '../../state/field.ts';
import { type ByteReader, putNumber } from './bytes.ts';
import { FREED, placeIn, REF_BITS, type Referred, type Refs, refConn, refSession } from './refs.ts';

/*
 * How the fields of objects are packed. Both directions are compiled from the declarations when they
 * are first needed, as they run at every transition: fields that count stand in the order of their
 * kinds and of their declaration, everything that is not a number as bits, the highest first.
 */

/** How the objects of one kind are packed; lists, and streams on a connection, are not part of it. */
export interface Codec {
  /** Bits of what is not a number, without what leads them. */
  readonly bits: number;
  /** Writes the fields, behind some bits that lead them, from a place on; returns the next. */
  readonly write: (
    bytes: Uint8Array,
    at: number,
    object: object,
    refs: Refs,
    lead: number,
  ) => number;
  /** Reads them again; returns the bits that lead them. */
  readonly read: (input: ByteReader, object: object, referred: Referred) => number;
  /** The bits alone, as one number. */
  readonly toBits: (object: object, refs: Refs) => number;
  readonly fromBits: (object: object, referred: Referred, bits: number) => void;
}

/** Some bits of a packed object. */
interface Bits {
  readonly width: number;
  /** What they are, of `object`. */
  readonly value: string;
  /** Gives `object` what they are in `value`. */
  readonly take: string;
  /** What is written behind all bits, and reads that. */
  readonly tail?: { readonly write: string; readonly read: string };
}

/** Neighbours of a flag word that stay neighbours, as masks and how far they move to the right. */
function runsOf(bits: readonly number[]): { mask: number; shift: number }[] {
  const runs: { mask: number; shift: number }[] = [];
  bits.forEach((bit, at) => {
    const shift = Math.clz32(1 << at) - Math.clz32(bit);
    const last = runs.at(-1);
    if (last?.shift === shift) last.mask |= bit;
    else runs.push({ mask: bit, shift });
  });
  return runs;
}

function bitsOf(name: string, field: Field): Bits {
  const at = `object.${name}`;
  switch (field.kind) {
    case 'boolean':
      return { width: 1, value: `(${at} ? 1 : 0)`, take: `${at} = value !== 0;` };
    case 'flags': {
      const { bits } = field as FlagWord;
      const runs = runsOf(bits);
      const packed = runs.map(({ mask, shift }) => `((${at} & ${mask}) >>> ${shift})`);
      const back = runs.map(({ mask, shift }) => `((value << ${shift}) & ${mask})`);
      return {
        width: bits.length,
        value: `(${packed.join(' | ')})`,
        take: `${at} = ${back.join(' | ')};`,
      };
    }
    case 'link': {
      const { to } = field as Link;
      if (to === 'strm') throw new TypeError(`${name}: no state refers to a stream by a link`);
      const take = `${at} = referred.${to}[value];`;
      if (to === 'sess') return { width: REF_BITS, value: `refSession(refs, ${at})`, take };
      const value = `refConn(refs, ${at})`;
      // Of a connection that is gone its target is left: a stream may still go there.
      const tail = {
        write: `if (${value} === ${FREED}) bytes[at++] = placeIn(refs.targets, ${at}.target);`,
        read: `if (${at} === referred.conn[${FREED}]) ${at} = referred.freed[input.byte()];`,
      };
      return { width: REF_BITS, value, take, tail };
    }
    default:
      throw new TypeError(`${name}: a ${field.kind} is not packed as bits`);
  }
}

/** The bits of fields, at most 32 of them with what leads them. */
function joined(parts: readonly Bits[], first: string): string {
  return parts.reduce((all, { value, width }) => `((${all} << ${width}) | ${value})`, first);
}

function taken(parts: readonly Bits[], from: string): string {
  let below = parts.reduce((sum, { width }) => sum + width, 0);
  return parts
    .map(({ width, take }) => {
      below -= width;
      return `value = (${from} >>> ${below}) & ${(1 << width) - 1}; ${take}`;
    })
    .join(' ');
}

function widthOf(parts: readonly Bits[]): number {
  return parts.reduce((sum, { width }) => sum + width, 0);
}

/** Parts of at most 32 bits together; the first ones leave room for what leads them. */
function chunksOf(parts: readonly Bits[], lead: number): Bits[][] {
  const chunks: Bits[][] = [[]];
  let left = 32 - lead;
  for (const part of parts) {
    if (part.width > left) {
      chunks.push([]);
      left = 32;
    }
    chunks.at(-1)?.push(part);
    left -= part.width;
  }
  return chunks.filter((chunk, at) => chunk.length > 0 || (at === 0 && lead > 0));
}

/** Writes, or reads, some bits in as many bytes as they take, from the left. */
function chunkLines(parts: readonly Bits[], lead: number): { write: string; read: string } {
  const width = lead + widthOf(parts);
  const bytes = Math.ceil(width / 8);
  const spare = bytes * 8 - width;
  const shifts = Array.from({ length: bytes }, (_, at) => 8 * (bytes - 1 - at));
  const puts = shifts.map((shift) => `bytes[at++] = bits >>> ${shift};`);
  const gets = shifts.map((shift) => `(input.byte() << ${shift})`);
  const first = lead > 0 ? 'lead' : '0';
  return {
    write: `bits = ${joined(parts, first)} << ${spare}; ${puts.join(' ')}`,
    read:
      `bits = (${gets.join(' | ')}) >>> ${spare}; ${taken(parts, 'bits')}` +
      (lead > 0 ? ` lead = bits >>> ${width - lead};` : ''),
  };
}

/** Writes, or reads, a field that is a number; `bits` ride on it, in its lowest places. */
function numberLines(name: string, { kind, countsIf }: Field, riding: number) {
  const at = `object.${name}`;
  const value = riding > 0 ? `(${at} << ${riding}) | bits` : at;
  const whole = kind === 'counter' ? '>>> 0' : '';
  const take =
    riding > 0
      ? `bits = input.number(); ${at} = bits >> ${riding};`
      : `${at} = input.number() ${whole};`;
  const write = `at = putNumber(bytes, at, ${value});`;
  if (countsIf === undefined) return { write, read: take };
  const read = `if (object.${countsIf}) { ${take} } else ${at} = 0;`;
  return { write: `if (object.${countsIf}) ${write}`, read };
}

const NUMBERS: readonly string[] = ['counter', 'signed'] satisfies Kind[];
/** Most bits that ride on a number, so that it mostly stays a byte. */
const RIDING_MAX = 3;

/** What compiled code calls. */
const SCOPE = { refSession, refConn, placeIn, putNumber };

/** Compiles the codec of objects with these fields, behind so many bits that lead them. */
export function codecOf(fields: Fields, lead = 0): Codec {
  const counting = Object.entries(fields).filter(([, { identity }]) => identity === 'counts');
  const ofKind = (kind: Kind) => counting.filter((each) => each[1].kind === kind);
  const parts = [...ofKind('boolean'), ...ofKind('flags'), ...ofKind('link')].map(([name, field]) =>
    bitsOf(name, field),
  );
  const numbers = counting.filter(([, { kind }]) => NUMBERS.includes(kind));
  const width = widthOf(parts);
  const rides = lead === 0 && width <= RIDING_MAX && numbers.length > 0 ? width : 0;
  const chunks =
    rides > 0
      ? []
      : chunksOf(parts, lead).map((chunk, at) => chunkLines(chunk, at === 0 ? lead : 0));
  const lines = [
    ...chunks,
    ...numbers.map(([name, field], at) => numberLines(name, field, at === 0 ? rides : 0)),
    ...parts.flatMap(({ tail }) => tail ?? []),
  ];
  const bits = joined(parts, '0');
  const writes = lines.map(({ write }) => write).join('\n');
  const reads = lines.map(({ read }) => read).join('\n');
  const body = `return {
    bits: ${width},
    write: (bytes, at, object, refs, lead) => {
      let bits = ${rides > 0 ? bits : 0}; ${writes} return at;
    },
    read: (input, object, referred) => {
      let lead = 0, bits = 0, value = 0; ${reads} ${rides > 0 ? taken(parts, 'bits') : ''} return lead;
    },
    toBits: (object, refs) => ${bits},
    fromBits: (object, referred, bits) => { let value = 0; ${taken(parts, 'bits')} },
  };`;
  return new Function(
    'scope',
    `const { refSession, refConn, placeIn, putNumber } = scope; ${body}`,
  )(SCOPE);
}
