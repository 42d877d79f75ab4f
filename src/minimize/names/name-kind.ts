/** Kinds of names in an event. */
export type NameKind = 'sess' | 'strm' | 'conn' | 'fe' | 'be' | 'srv';

/** Gives a name of a kind its new spelling. */
export type Rename = (kind: NameKind, name: string) => string;
