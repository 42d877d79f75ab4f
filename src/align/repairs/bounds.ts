/** How far back from a place a repair may change something, in events, at least. */
export const BACK = 256;
/** How far ahead of it an event may be fetched from. */
export const AHEAD = 64;
/** Repairs that are tried at one place. */
export const TRIED_MAX = 400;
/** Events between two copies of the state. */
export const COPY_EVERY = 32;
/** Repairs that are tried after one that spoils nothing, as another one may be better still. */
export const ENOUGH = 40;
