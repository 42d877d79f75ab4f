import { DATA_TYPES, type TraceSummary } from '../../report/page/told.ts';

/** A trace as it stands in the page, still packed. */
export interface PackedElements {
  readonly summary: TraceSummary;
  readonly lanes: Element;
  readonly steps: readonly Element[];
}

/** The traces of a page, in the order of its run. */
export function packedTraces(root: ParentNode): PackedElements[] {
  const traces: { summary: TraceSummary; lanes: Element | null; steps: Element[] }[] = [];
  for (const element of root.querySelectorAll('script')) {
    if (element.type === DATA_TYPES.summary) {
      traces.push({ summary: JSON.parse(element.text), lanes: null, steps: [] });
    } else if (element.type === DATA_TYPES.lanes) {
      const last = traces.at(-1);
      if (last !== undefined) last.lanes = element;
    } else if (element.type === DATA_TYPES.steps) traces.at(-1)?.steps.push(element);
  }
  return traces.flatMap(({ lanes, ...rest }) => (lanes === null ? [] : [{ lanes, ...rest }]));
}
