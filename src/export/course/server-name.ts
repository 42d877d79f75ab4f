import type { Config, EventOf } from '../../format/index.ts';
import type { Obstacle } from './exportable.ts';

type Connect = EventOf<'connect_server'>;

/** What can stand in a header, and is a name of its own there. */
const NAME = /^[A-Za-z0-9_.-]{1,100}$/;
/** The name that a request asks for where the trace says that there is one, and not which. */
const ANY_NAME = 'localhost';

/** Whether each request to a server names the server that it asks for: by a header of a script. */
export function asksByName(config: Config, target: string): boolean {
  return config.servers?.[target]?.sni === true;
}

function keyName({ params }: Connect): string | undefined {
  return typeof params === 'string' ? undefined : params?.sni;
}

/** The name that a request asks for; null: the expression yields none. */
function nameOf(event: Connect): string | null {
  return event.sni === false ? null : (keyName(event) ?? ANY_NAME);
}

/** Whether connections to a server begin with a line that says whose client it is for. */
function saysClient(config: Config, target: string): boolean {
  return config.servers?.[target]?.['send-proxy'] === true;
}

/** What tells the connection of a request from others when a script sends it. */
export function paramsAsSent(config: Config, event: Connect): Connect['params'] {
  const { target, sess } = event;
  const name = asksByName(config, target) ? nameOf(event) : null;
  const params = {
    ...(name === null ? {} : { sni: name }),
    // Each client of a script has an address of its own.
    ...(saysClient(config, target) ? { proxy: sess } : {}),
  };
  return Object.keys(params).length === 0 ? undefined : params;
}

/** The other parts of a key, which a script has no say in. */
export function otherParams(config: Config, { params, target }: Connect): Connect['params'] {
  // A whole key can be of anything.
  if (params === undefined || typeof params === 'string') return params;
  const { sni, proxy, ...others } = params;
  return {
    ...others,
    ...(sni === undefined || asksByName(config, target) ? {} : { sni }),
    ...(proxy === undefined || saysClient(config, target) ? {} : { proxy }),
  };
}

/** Names that a script cannot give, or that are one to the trace and two to HAProxy. */
export function nameObstacle(config: Config, connects: readonly Connect[]): Obstacle | null {
  const names = new Map<string, string>();
  const keys = new Map<string, string>();
  for (const event of connects) {
    if (!asksByName(config, event.target)) continue;
    const name = nameOf(event);
    if (name !== null && !NAME.test(name)) {
      return { why: 'this name of a server cannot stand in a header of a script', key: 'params' };
    }
    const key = JSON.stringify([event.target, keyName(event) ?? null]);
    const given = JSON.stringify([event.target, name]);
    if ((names.get(key) ?? given) !== given || (keys.get(given) ?? key) !== key) {
      const why = 'what a request asks for does not go with the name that it asks for it by';
      return { why, key: 'sni' };
    }
    names.set(key, given);
    keys.set(given, key);
  }
  return null;
}
