import type { SegmentState } from '../../picture/picture.ts';

// What a page carries of its traces, as JSON. Every text in it is safe to be shown: control characters
// are visible already. A reader of the page is `src/page/`, which is built for browsers.

/** Marks the elements of a page that carry data, by their `type`; no browser runs any of them. */
export const DATA_TYPES = {
  /** JSON: a `TraceSummary`. Begins a trace; what follows, up to the next one, is of it. */
  summary: 'application/vnd.replay.summary+json',
  /** A `PackedTrace`: JSON, deflated, in base64. */
  lanes: 'application/vnd.replay.lanes',
  /** A `PackedBlock` of some steps of the trace, packed in the same way. */
  steps: 'application/vnd.replay.steps',
} as const;

/** How a trace was judged, or what comparing two rule sets on it came to, as an index tells it. */
export type PageVerdict = 'agrees' | 'diverges' | 'same' | 'parts' | 'not judged';

/** What came of a trace under one of many rule sets. */
export interface PageRow {
  readonly verdict: 'agrees' | 'diverges' | 'impossible' | 'ends' | 'silent';
  /** The first step that came out otherwise than expected, and what is the matter there. */
  readonly first: { readonly step: number; readonly says: string } | null;
  /** The end of the program. */
  readonly end: { readonly step: number; readonly says: string } | null;
  /** Promises broken, each with the first step that broke it. */
  readonly broken: readonly { readonly step: number; readonly says: string }[];
  /** Where it parts from the rule set before it, and how; empty for the first one. */
  readonly parts: readonly { readonly step: number; readonly says: string }[];
}

/** What is known of a trace before it is opened. */
export interface TraceSummary {
  /** Replayed under one rule set; under two, to see where these part; or under many. */
  readonly kind: 'replay' | 'two' | 'many';
  readonly path: string;
  readonly title: string | null;
  /** The rule sets, one for each band of lanes. */
  readonly rules: readonly string[];
  readonly verdict: PageVerdict;
  readonly steps: number;
  readonly sessions: number;
  readonly connections: number;
  /** First causes; of a comparison, steps at which the rule sets part. */
  readonly divergences: number;
  /** Divergences that follow from them; of a comparison, steps that merely follow. */
  readonly followers: number;
  /** Broken promises that the trace does not state. */
  readonly findings: number;
  /** The first step that diverges or parts, and what is the matter there. */
  readonly first: { readonly step: number; readonly says: string } | null;
  /** `crash in conn_free`; null when the program went on. */
  readonly end: string | null;
  /** Why the trace could not be read to its end. */
  readonly problems: readonly string[];
  /** Of many rule sets, one for each. */
  readonly rows?: readonly PageRow[];
}

/** Numbers, each as its difference from the one before it. */
export type Differences = readonly number[];

/** Times on a lane or of a link: the last step, less the first one; 0: not over yet. */
export type Lengths = readonly number[];

/** A picture in columns. Names are numbers of `PackedTrace.names`; -1 stands for none. */
export interface PackedPicture {
  /** The last step that it has: fewer than the trace, where the program ended. */
  readonly last: number;
  readonly lanes: number;
  readonly groups: readonly {
    readonly kind: 'sessions' | 'connections';
    readonly target: number;
    readonly thread: number;
    readonly first: number;
    readonly count: number;
  }[];
  readonly sessions: {
    readonly id: readonly number[];
    readonly frontend: readonly number[];
    readonly thread: readonly number[];
    readonly lane: readonly number[];
    readonly from: Differences;
    readonly length: Lengths;
    /** How many changes of `idle_conns` each has, then their steps and values. */
    readonly idleCount: readonly number[];
    readonly idleStep: Differences;
    readonly idleConns: readonly number[];
  };
  readonly connections: {
    readonly id: readonly number[];
    readonly target: readonly number[];
    readonly from: Differences;
    readonly length: Lengths;
    readonly stayCount: readonly number[];
    readonly segmentCount: readonly number[];
  };
  readonly stays: {
    readonly lane: readonly number[];
    readonly thread: readonly number[];
    readonly from: Differences;
    readonly length: Lengths;
  };
  readonly segments: {
    readonly from: Differences;
    readonly length: Lengths;
    /** By their place in `looks`. */
    readonly look: readonly number[];
    /** Sessions by their places. */
    readonly owner: readonly number[];
    readonly lister: readonly number[];
  };
  /** All that segments look like, besides whose they are. */
  readonly looks: readonly {
    readonly state: SegmentState;
    readonly dangles: boolean;
    readonly flags: readonly string[];
    readonly list: string | null;
  }[];
  readonly streams: {
    readonly id: readonly number[];
    readonly connection: readonly number[];
    readonly session: readonly number[];
    readonly from: Differences;
    readonly orphaned: Lengths;
    readonly length: Lengths;
  };
  readonly marks: readonly PackedMark[];
}

/** What a mark stands for; a parting is told at both of its sides. */
export type MarkKind =
  | 'divergence'
  | 'follower'
  | 'finding'
  | 'crash'
  | 'abort'
  | 'impossible'
  | 'takeover'
  | 'parting';

/** Something worth looking at. */
export interface PackedMark {
  readonly kind: MarkKind;
  readonly step: number;
  /** In a few words. */
  readonly says: string;
  /** What it is about, by its place; missing where that has no lane. */
  readonly conn?: number;
  readonly sess?: number;
  /** The trace states it: nothing to worry about. */
  readonly stated?: true;
}

/** All of a trace that a page opens with; its steps follow, and are read when they are looked at. */
export interface PackedTrace {
  readonly names: readonly string[];
  readonly rules: readonly (readonly [id: string, fn: string, file: string, isRead: 0 | 1])[];
  /** Lists of rules, by their numbers, each once. */
  readonly ruleLists: readonly (readonly number[])[];
  readonly steps: {
    readonly number: Differences;
    /** Milliseconds; -1 for a step that has no time. Missing where none has. */
    readonly at?: readonly number[];
    /** A name. */
    readonly event: readonly number[];
    /** How many objects each names, then these. */
    readonly idCount: readonly number[];
    readonly ids: readonly number[];
    /** By its place in `ruleLists`. */
    readonly rules: readonly number[];
    /** How many steps stand in each element with steps. */
    readonly blocks: readonly number[];
  };
  readonly first: number;
  readonly last: number;
  /** Each that differs from the others once. */
  readonly pictures: readonly PackedPicture[];
  /** The picture of each of the summary's rule sets, by its place in `pictures`. */
  readonly bands: readonly number[];
}

/** How numbers are left out of the form of a step: a sign, and which of its numbers it stands for. */
export const BLOCK = {
  sign: '~',
  /** The same as JSON can spell it: what stands in a text itself. */
  escaped: '\\u007e',
  /** The code of the character that stands for the first number. */
  firstPlace: 0x23,
} as const;

/** Steps, each a `ToldStep` as JSON, without what they have in common. */
export interface PackedBlock {
  readonly forms: readonly string[];
  /** The form of each step, by its number. */
  readonly formOf: readonly number[];
  /** How many numbers each has that its form leaves out, then these. */
  readonly valueCount: readonly number[];
  readonly values: readonly number[];
}

/** A field that a step changed: its name, its value before and after it; or what is told of it. */
export type ToldField =
  | readonly [name: string, before: string, after: string]
  | readonly [name: string, says: string];

/** What a step did to one object. */
export interface ToldChange {
  readonly kind: 'conn' | 'sess' | 'srv';
  readonly id: string;
  readonly how: 'new' | 'freed' | 'changed';
  readonly fields: readonly ToldField[];
}

/** A difference between what was expected, or comes out under one rule set, and what else does. */
export interface ToldDifference {
  readonly field: string;
  readonly expected: string;
  readonly actual: string;
  /** Who decided: a rule by its number, and what it says. */
  readonly by?: ToldDecision;
  /** Who was passed over, and by which rule. */
  readonly over?: readonly string[];
  /** The step that it follows from; missing for a first cause. */
  readonly follows?: number;
}

/** A rule by its number, and its sentence about the objects at hand. */
export type ToldDecision = readonly [rule: number, says: string];

/** Something that a step has broken. */
export interface ToldFinding {
  readonly name: string;
  readonly severity: string;
  readonly says: string;
  readonly source: string;
  readonly stated?: true;
}

/** What came of an event under one rule set. */
export interface ToldOutcome {
  /** `= NONE, new c1` */
  readonly came: string;
  readonly calls?: readonly string[];
  readonly changes?: readonly ToldChange[];
  /** Why it cannot be, or what the assertion was that failed. */
  readonly why?: string;
}

/** Where two rule sets part: the rule of each, by what it is called, and its sentence. */
export interface ToldParting {
  /** The place of the first of the two among the rule sets. */
  readonly at: number;
  readonly from: readonly [rule: string, fn: string, says: string];
  readonly to: readonly [rule: string, fn: string, says: string];
  /** The rules themselves differ; or merely what they find. */
  readonly isOfRules: boolean;
  readonly differences: readonly ToldDifference[];
}

/** All of a step. What there is nothing of is missing. */
export interface ToldStep {
  readonly line: number;
  /** Names of objects, then other inputs. */
  readonly ids: string;
  readonly inputs: readonly string[];
  readonly note?: string;
  readonly headers?: readonly string[];
  /** Each that differs from the others once. */
  readonly outcomes: readonly ToldOutcome[];
  /** Which of them is that of each rule set; missing where there is one. */
  readonly of?: readonly number[];
  readonly divergences?: readonly ToldDifference[];
  readonly findings?: readonly ToldFinding[];
  readonly decisions?: readonly ToldDecision[];
  readonly partings?: readonly ToldParting[];
  /** Differences that follow from earlier partings. */
  readonly following?: readonly ToldDifference[];
  /** Earlier steps that touched what diverges. */
  readonly trail?: readonly number[];
}
