import type { EventOf } from '../../format/index.ts';
import { rulesOf } from '../objects/rule.ts';
import type { Target } from '../objects/server-t.ts';
import type { World } from '../objects/world.ts';

const KEY = rulesOf('conn_calculate_hash', 'src/connection.c')(
  'connect.key',
  'a connection to {0|the target} serves the request if it was made for one with the same key[: {1}]',
);

/** What a `connect_server` event says of its request. */
export type Params = NonNullable<EventOf<'connect_server'>['params']>;

type Part = Exclude<keyof Exclude<Params, string>, 'dst'>;

/** How a release makes a key: of these parts, and of the destination. */
interface KeyParts {
  readonly parts: readonly Part[];
  readonly dst: 'transparent' | 'always';
}

/** What counts of a request, by release; null: nothing. */
const KEYS: Readonly<Record<World['rules']['connKey'], KeyParts | null>> = {
  target: null,
  sni: { parts: ['sni', 'src', 'proxy'], dst: 'transparent' },
};

/** Any two keys that differ have texts that do. */
function textOf({ parts, dst }: KeyParts, target: Target, params: Exclude<Params, string>): string {
  const hasDst = dst === 'always' || (target.kind === 'srv' && target.transparent);
  let text = '';
  for (const part of hasDst ? [...parts, 'dst' as const] : parts) {
    const value = params[part];
    // What is absent is another thing than what is empty.
    if (value !== undefined) text += `${part} ${JSON.stringify(value)} `;
  }
  return text;
}

/**
 * conn_calculate_hash, src/connection.c: the key that a connection for a request has to have; releases
 * R6.1. The target is part of it, and of no concern here: each has connections of its own.
 *
 * @returns its number in this world; 0 where keys do not exist
 */
export function connCalculateHash(w: World, target: Target, params: Params | undefined): number {
  const made = KEYS[w.rules.connKey];
  if (made === null) return 0;
  const isText = typeof params === 'string';
  const text = isText ? params : textOf(made, target, params ?? {});
  w.log.decide(KEY, target.kind === 'srv' ? target : target.id, text || 'the target alone');
  return isText ? w.keys.ofText(params) : w.keys.ofParts(text);
}
