/**
 * What an update writes into a trace: `changed` repairs what the trace states and what diverges,
 * `full` also states everything else that is known of each step, `missing` states everything of
 * those steps that state nothing and leaves all others alone.
 */
export const UPDATE_MODES = ['changed', 'full', 'missing'] as const;

/** How an update treats a trace. */
export type UpdateMode = (typeof UPDATE_MODES)[number];
