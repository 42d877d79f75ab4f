/** Kinds of names in an event. */
export type NameKind = 'sess' | 'strm' | 'conn' | 'fe' | 'be' | 'srv';

/** Gives a name of a kind its new spelling. */
export type Rename = (kind: NameKind, name: string) => string;

/** The kind of name that a target is: a server, or a backend where there is no server. */
export function targetKind(target: string): 'be' | 'srv' {
  return target.includes('/') ? 'srv' : 'be';
}
