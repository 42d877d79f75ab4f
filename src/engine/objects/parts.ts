import { OWNERSHIP_FLAGS } from '../../state/co-fl.ts';
import { CONNECTION } from '../../state/connection.ts';
import type { Fields } from '../../state/field.ts';
import { SERVER } from '../../state/server.ts';
import { SESSION } from '../../state/session.ts';

/** What an outcome has parts of: the event itself, or an object of the model. */
export type PartKind = 'event' | 'conn' | 'sess' | 'srv';

function toldOf(fields: Fields): string[] {
  return Object.values(fields).flatMap(({ told }) => told.map(({ name }) => name));
}

/**
 * Every part of an outcome that a rule can decide, by what it is a part of. Those of objects are
 * named as in `expect`, but for `flags`, of which each flag is a part; `conn`, `sess` and
 * `srv` are birth and death. Of an event: `ret`, `reused` and `target` as in `expect`, and
 *
 * - `claim`: which connection the stream ended up with, the `conn` of the event;
 * - `victims`: which connections had to go, as the event claims;
 * - `crash`: the modelled program ends here by memory that is not valid, or is about to;
 * - `abort`: it ends here by an assertion of its own;
 * - `survival`: it goes on where it might have crashed.
 *
 * The lists of a server and of a session are decided connection by connection (`list`,
 * `listed_in`); a rule names them (`idle`, `srv_list`) that decides about them as a whole.
 */
export const PARTS: Readonly<Record<PartKind, readonly string[]>> = {
  event: ['ret', 'reused', 'target', 'claim', 'victims', 'crash', 'abort', 'survival'],
  conn: [
    'conn',
    ...toldOf(CONNECTION).filter((name) => name !== 'flags'),
    ...Object.keys(OWNERSHIP_FLAGS),
  ],
  sess: ['sess', ...toldOf(SESSION)],
  srv: ['srv', ...toldOf(SERVER)],
};

const KINDS: ReadonlyMap<string, PartKind> = new Map(
  (Object.keys(PARTS) as PartKind[]).flatMap((kind) => PARTS[kind].map((part) => [part, kind])),
);

/** What a part is a part of; undefined when nothing has such a part. */
export function kindOfPart(part: string): PartKind | undefined {
  return KINDS.get(part);
}
