/** Puts a text into a style; the text's visible characters stay the same. */
export type Paint = (text: string) => string;

/** The styles of a report, named by meaning. Without colour every one is the identity. */
export interface Palette {
  /** What the eye looks for: paths, event names. */
  readonly strong: Paint;
  /** What frames the rest: labels, step numbers, values of before. */
  readonly faint: Paint;
  /** Ids of sessions, streams, connections and servers. */
  readonly id: Paint;
  /** What came into being, what agrees, what was expected. */
  readonly good: Paint;
  /** What diverges, crashes, dangles or leaks. */
  readonly bad: Paint;
  /** What deserves a look: freed objects, moved entries, what follows from an earlier divergence. */
  readonly warn: Paint;
  /** Sessions and what they own: as many as are told apart, then again from the first. */
  readonly owners: readonly Paint[];
}

function same(text: string): string {
  return text;
}

/** The palette of text without colour. */
export const PLAIN: Palette = {
  strong: same,
  faint: same,
  id: same,
  good: same,
  bad: same,
  warn: same,
  owners: [],
};
