import { backendOf } from '../../engine/objects/world.ts';
import type { Config, TraceEvent } from '../../format/index.ts';
import type { Candidate } from '../goal/candidate.ts';
import type { Pass, Search } from './search.ts';

const SECTIONS = ['servers', 'backends', 'frontends'] as const;
type Json = Readonly<Record<string, unknown>>;

/** Leaves out of the configuration what the trace does not need, and threads that do nothing. */
export function* simplifyConfig(search: Search): Pass {
  search.improve(renumberThreads(search.current));
  yield;
  for (let before: Config | null = null; before !== search.current.config; ) {
    before = search.current.config;
    for (const config of simplerConfigs(before)) {
      const isBetter = search.improve({ config });
      yield;
      if (isBetter) break;
    }
  }
}

/** The same trace on as many threads as its events run on, 0 being that of the first. */
function renumberThreads({ config, events }: Candidate): Candidate {
  if (config.nbthread === undefined) return { config, events };
  const used = [...new Set(events.map(({ thread = 0 }) => thread))];
  const renumbered = events.map((event): TraceEvent => {
    const { thread: old = 0, ...rest } = event;
    const thread = used.indexOf(old);
    return (thread === 0 ? rest : { ...rest, thread }) as TraceEvent;
  });
  return { config: { ...config, nbthread: used.length }, events: renumbered };
}

/** Every configuration with one thing less. */
function* simplerConfigs(config: Config): Generator<Config> {
  for (const section of SECTIONS) yield* simplerSections(config, section);
  for (const key of Object.keys(config)) {
    if (key !== 'backends' || isEmpty(config.servers)) yield without(config, key) as Config;
  }
  for (let nbthread = 2; nbthread < (config.nbthread ?? 1); nbthread++) {
    yield { ...config, nbthread };
  }
}

function* simplerSections(config: Config, section: (typeof SECTIONS)[number]): Generator<Config> {
  const entries: [string, Json][] = Object.entries(config[section] ?? {});
  const change = (changed: readonly (readonly [string, Json])[]): Config => ({
    ...config,
    // Object.fromEntries makes `__proto__` a key like any other; an assignment would not.
    [section]: Object.fromEntries(changed),
  });
  for (const [at, [name, entry]] of entries.entries()) {
    const fewer = change(entries.toSpliced(at, 1));
    yield section === 'backends' ? withoutServers(fewer, name) : fewer;
    for (const key of Object.keys(entry))
      yield change(entries.with(at, [name, without(entry, key)]));
  }
}

/** A server goes with its backend. */
function withoutServers(config: Config, backend: string): Config {
  if (config.servers === undefined) return config;
  const servers = Object.entries(config.servers).filter(([id]) => backendOf(id) !== backend);
  return { ...config, servers: Object.fromEntries(servers) };
}

function isEmpty(section: Config['servers']): boolean {
  return Object.keys(section ?? {}).length === 0;
}

function without(object: Json, key: string): Json {
  return Object.fromEntries(Object.entries(object).filter(([each]) => each !== key));
}
