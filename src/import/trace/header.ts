import { type Config, fittingTitle, type Header, TRACE_FORMAT } from '../../format/index.ts';
import { CHECKS } from '../story/check.ts';
import type { TraceNames } from './names.ts';
import type { TraceWriter } from './writer.ts';

/** What an imported trace says of itself. */
export interface Imported {
  readonly names: TraceNames;
  readonly writer: TraceWriter;
  readonly version: string | null;
  readonly story: { readonly gaps: readonly object[]; readonly gapCount: number };
}

/** Declares what is named and not declared. */
function withNamed<Value>(
  declared: Readonly<Record<string, Value>> | undefined,
  named: Iterable<string>,
): Record<string, Value> {
  const all = new Map(Object.entries(declared ?? {}));
  for (const name of named) if (!all.has(name)) all.set(name, {} as Value);
  return Object.fromEntries(all);
}

/** The header of an imported trace: the configuration, and all that events name besides. */
export function headerOfTrace(
  { names, writer, version, story }: Imported,
  config: Config,
  rules: string,
  title: string,
): Header {
  const frontends = withNamed(config.frontends, names.frontends);
  if (names.hasChecks) frontends[CHECKS] = { 'max-session-srv-conns': 0 };
  const nbthread = Math.max(config.nbthread ?? 1, writer.lastThread + 1);
  return {
    trace: TRACE_FORMAT,
    title: fittingTitle(title),
    rules,
    config: {
      ...config,
      ...(nbthread === 1 ? {} : { nbthread }),
      frontends,
      backends: withNamed(config.backends, names.backends),
      servers: withNamed(config.servers, names.servers),
    },
    source: {
      imported: true,
      ...(version === null ? {} : { version }),
      events: writer.counts,
      gaps: story.gapCount,
      ...(story.gaps.length === 0 ? {} : { 'first gaps': story.gaps }),
    },
  };
}
