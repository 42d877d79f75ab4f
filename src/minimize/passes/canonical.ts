import { backendOf } from '../../engine/objects/world.ts';
import { connNameOf } from '../../format/conn-name.ts';
import type { Config, TraceEvent } from '../../format/index.ts';
import type { Candidate } from '../goal/candidate.ts';
import { type NameKind, type Rename, targetKind } from '../names/name-kind.ts';
import { namesIn, renameEvent } from '../names/rename.ts';
import type { Pass, Search } from './search.ts';

/** How names begin that are always numbered. */
const NUMBERED = { sess: 's', strm: 't', conn: 'c' } as const;

/**
 * Gives everything the names that traces commonly use, numbered as it appears: sessions s1, s2, …,
 * streams t1, …, connections c1, …, and `fe`, `b`, `b/srv`, with numbers only if there are several.
 * Names stay where the trace would not show the same with others.
 */
export function* renameAll(search: Search): Pass {
  search.replace(canonical(search.current));
  yield;
}

/** The same trace with other names; nothing in it refers to what its events do not name. */
function canonical({ config, events }: Candidate): Candidate {
  const names = new Map<NameKind, Map<string, string>>();
  const seen = seenIn(events, config);
  for (const kind of ['sess', 'strm', 'conn'] as const) {
    names.set(kind, numbered(seen(kind), NUMBERED[kind], true));
  }
  names.set('fe', numbered(seen('fe'), 'fe', false));
  const backends = numbered(seen('be'), 'b', false);
  names.set('be', backends);
  names.set('srv', serverNames(seen('srv'), backends));
  const rename: Rename = (kind, name) =>
    names.get(kind)?.get(name) ?? (kind === 'conn' ? unnamed(name, names.get('strm')) : name);
  return {
    config: renameConfig(config, rename),
    events: events.map((event) => renameEvent(event, rename)),
  };
}

/** A connection that nobody has named is called after its stream, also by that one's new name. */
function unnamed(conn: string, streams: ReadonlyMap<string, string> = new Map()): string {
  const name = connNameOf(conn);
  const other = name && streams.get(name.strm);
  return name && other ? other + name.rest : conn;
}

/** Every name of a kind: as the events name it, then as the configuration declares it. */
function seenIn(events: readonly TraceEvent[], config: Config): (kind: NameKind) => Set<string> {
  const seen = new Map<NameKind, Set<string>>();
  const see = (kind: NameKind, name: string): void => {
    if (!seen.has(kind)) seen.set(kind, new Set());
    seen.get(kind)?.add(name);
    if (kind === 'srv') see('be', backendOf(name));
  };
  for (const event of events) for (const [kind, name] of namesIn(event)) see(kind, name);
  for (const name of Object.keys(config.frontends ?? {})) see('fe', name);
  for (const name of Object.keys(config.servers ?? {})) see('srv', name);
  for (const name of Object.keys(config.backends ?? {})) see('be', name);
  return (kind) => seen.get(kind) ?? new Set();
}

function numbered(names: Iterable<string>, prefix: string, always: boolean): Map<string, string> {
  const all = [...names];
  const isNumbered = always || all.length > 1;
  return new Map(all.map((name, at) => [name, isNumbered ? `${prefix}${at + 1}` : prefix]));
}

function serverNames(
  servers: Iterable<string>,
  backends: ReadonlyMap<string, string>,
): Map<string, string> {
  const byBackend = new Map<string, string[]>();
  for (const server of servers) {
    const backend = backendOf(server);
    byBackend.set(backend, [...(byBackend.get(backend) ?? []), server]);
  }
  const named = [...byBackend].flatMap(([backend, all]) => [
    ...numbered(all, `${backends.get(backend) ?? backend}/srv`, false),
  ]);
  return new Map(named);
}

/** Sections in the order in which their new names count. */
function renameConfig(config: Config, rename: Rename): Config {
  const { frontends, backends, servers } = config;
  return {
    ...config,
    ...(frontends && { frontends: renameKeys(frontends, (name) => rename('fe', name)) }),
    ...(backends && { backends: renameKeys(backends, (name) => rename('be', name)) }),
    ...(servers && { servers: renameKeys(servers, (name) => rename(targetKind(name), name)) }),
  };
}

function renameKeys<Entry>(
  section: Readonly<Record<string, Entry>>,
  rename: (name: string) => string,
): Record<string, Entry> {
  const entries = Object.entries(section).map(([name, entry]) => [rename(name), entry] as const);
  return Object.fromEntries(entries.sort(([one], [other]) => (one < other ? -1 : 1)));
}
