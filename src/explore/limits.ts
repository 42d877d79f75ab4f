import type { WorldDefinition } from '../format/index.ts';
import type { Path } from '../trace/text/wording.ts';

/** Threads of a world: two are enough for everything that threads can do to each other here. */
const THREADS_MAX = 4;
/** What a packed state can name. */
const FRONTENDS_MAX = 8;
const TARGETS_MAX = 14;
const STREAMS_LIMIT_MAX = 1000;

type Add = (path: Path, what: string, allowed: string) => void;

/** What a world asks for that cannot be meant, or is too large to be searched. */
export function checkLimits(
  world: WorldDefinition,
  frontends: readonly string[],
  targets: readonly string[],
  add: Add,
): void {
  const { config, events = {} } = world;
  const { nbthread = 1 } = config;
  if (nbthread > THREADS_MAX) {
    const allowed = `at most ${THREADS_MAX} can be searched`;
    add(['config', 'nbthread'], `the world has ${nbthread} threads`, allowed);
  }
  if (frontends.length > FRONTENDS_MAX) {
    const allowed = `at most ${FRONTENDS_MAX} can be searched`;
    add(['config', 'frontends'], `the world has ${frontends.length} frontends`, allowed);
  }
  if (targets.length > TARGETS_MAX) {
    const allowed = `at most ${TARGETS_MAX} together can be searched`;
    add(['config'], `the world has ${targets.length} servers and backends`, allowed);
  }
  for (const [id, { 'streams-limit': limit = 0 }] of Object.entries(config.servers ?? {})) {
    if (limit <= STREAMS_LIMIT_MAX) continue;
    const path = ['config', 'servers', id, 'streams-limit'];
    add(path, `the limit is ${limit}`, `at most ${STREAMS_LIMIT_MAX} can be searched`);
  }
  checkEvents(events, frontends, add);
}

function checkEvents(
  {
    fail = [],
    errors = [],
    failures,
    params,
    used_fds,
    checks,
  }: NonNullable<WorldDefinition['events']>,
  frontends: readonly string[],
  add: Add,
): void {
  const mayFail = fail.length + errors.length > 0;
  if (mayFail && failures === 0) {
    const allowed = 'leave fail and errors out, or let failures be 1 or more';
    add(['events', 'failures'], 'something may fail, but never', allowed);
  }
  if (!mayFail && failures !== undefined && failures > 0) {
    const allowed = 'say what may, under fail or errors';
    add(['events', 'failures'], `failures is ${failures}, but nothing may fail`, allowed);
  }
  if (used_fds?.length === 0) {
    const allowed = 'list the numbers that may be, 0 among them';
    add(['events', 'used_fds'], 'no number of file descriptors may be in use', allowed);
  }
  if (params?.length === 0) {
    const allowed = 'list what they may ask for, {} for nothing';
    add(['events', 'params'], 'no request may come', allowed);
  }
  if (checks !== undefined && !frontends.includes(checks)) {
    const allowed = 'a frontend is declared under config.frontends';
    add(['events', 'checks'], `the world declares no frontend ${JSON.stringify(checks)}`, allowed);
  }
}
