import type { State } from './state.ts';

/** Where an address leads: `#trace=2&step=40&conn=c7`. */
export interface Address {
  /** From 1, as the index counts; null: the index, or the only trace. */
  readonly trace: number | null;
  readonly step: number | null;
  readonly conn: string | null;
  readonly sess: string | null;
  /** The rule sets whose lanes are shown, from 1. */
  readonly sets: readonly number[] | null;
}

function wholeNumber(text: string | null): number | null {
  return text !== null && /^\d{1,9}$/.test(text) ? Number(text) : null;
}

/** Reads the part of an address behind its `#`; what cannot be read is passed over. */
export function parseAddress(hash: string): Address {
  const given = new URLSearchParams(hash.replace(/^#/, ''));
  const sets = given.get('sets')?.split('.').map(wholeNumber) ?? null;
  return {
    trace: wholeNumber(given.get('trace')),
    step: wholeNumber(given.get('step')),
    conn: given.get('conn'),
    sess: given.get('sess'),
    sets: sets === null ? null : sets.filter((set) => set !== null),
  };
}

/** The address of a place. */
export function addressText({ trace, step, conn, sess, sets }: Address): string {
  const parts: string[] = [];
  const add = (key: string, value: string | number | null): void => {
    if (value !== null) parts.push(`${key}=${encodeURIComponent(value)}`);
  };
  add('trace', trace);
  if (sets !== null) parts.push(`sets=${sets.join('.')}`);
  add('step', step);
  add('conn', conn);
  add('sess', sess);
  return `#${parts.join('&')}`;
}

/** The address of where a reader is; `trace` as in `Address`. */
export function addressOf(state: State, trace: number | null): Address {
  const { subject } = state.place;
  const id = subject === null ? null : state.trace.idOf(subject);
  return {
    trace,
    step: state.trace.count === 0 ? null : state.step,
    conn: subject?.kind === 'conn' ? id : null,
    sess: subject?.kind === 'sess' ? id : null,
    sets: state.trace.summary.kind === 'many' ? state.shown.map((band) => band + 1) : null,
  };
}

/** Goes where an address leads, as far as that is there. */
export function followAddress(state: State, { step, conn, sess, sets }: Address): void {
  const { trace } = state;
  const shown = sets?.map((set) => set - 1).filter((band) => trace.bands[band] !== undefined) ?? [];
  if (shown.length > 0) state.show(shown);
  const row = step === null ? state.place.row : trace.rowOf(step);
  const band = state.shown[0] ?? 0;
  const at = trace.numberOf(row);
  const kind = conn === null ? 'sess' : 'conn';
  const id = conn ?? sess;
  state.goTo({ row, subject: id === null ? null : trace.subjectOf(band, kind, id, at) });
}
