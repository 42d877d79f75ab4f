import type { Repair } from './edit.ts';
import { otherFound } from './lost.ts';
import { add, connsOf, type Misfit, type Scene, streamsOn, strmOf } from './scene.ts';

const HEADERS = { 'WWW-Authenticate': ['NTLM'] };
/** Streams that left what is found instead: one of the last ones may have been challenged. */
const LEAVERS = 4;

/** What is found instead is private to another session: a challenge bound it, which no line shows. */
export function* challengesOfOthers(misfit: Misfit, scene: Scene): Generator<Repair> {
  const { event, at } = misfit;
  if (event.event !== 'connect_server') return;
  const found = otherFound(event, scene.world);
  if (found === null) return;
  // What one session has for itself from here on no other one uses.
  const [owner, another] = scene.sessionsFrom(found, event);
  if (owner === undefined || another !== undefined || owner === event.sess) return;
  const users = usersOf(found, at, scene, owner);
  let leavers = 0;
  for (let place = at - 1; place >= scene.oldest; place--) {
    const each = scene.events[place];
    if (each === undefined || !users.has(strmOf(each) ?? '')) continue;
    if (each.event === 'detach' && leavers++ < LEAVERS) {
      yield [add(place, challenge(each.strm), each.thread)];
    } else if (each.event === 'http_wait_for_response' && each.headers === undefined) {
      const { status } = each;
      if (status === 401) yield [{ op: 'amend', at: place, event: { ...each, headers: HEADERS } }];
    }
  }
}

function challenge(strm: string): object {
  return { event: 'http_wait_for_response', strm, status: 401, headers: HEADERS };
}

/** Streams that got a connection, of those that a repair can reach. */
function usersOf(
  conn: string,
  at: number,
  { events, oldest }: Scene,
  sess: string | null = null,
): Set<string> {
  const users = new Set<string>();
  for (let place = at; place >= oldest; place--) {
    const each = events[place];
    if (each?.event !== 'connect_server' || each.conn !== conn) continue;
    if (sess === null || each.sess === sess) users.add(each.strm);
  }
  return users;
}

/** What makes a connection private comes, or does not, before the stream leaves it. */
export function* challenges(misfit: Misfit, scene: Scene): Generator<Repair> {
  const { events, oldest, world } = scene;
  const { event, at, lost } = misfit;
  const strm = strmOf(event);
  if (event.event === 'detach' && strm !== null) {
    yield [add(at, challenge(strm), event.thread)];
  }
  for (const id of [...connsOf(event), ...lost]) {
    for (const by of streamsOn(world, id)) yield [add(at, challenge(by), event.thread)];
    const users = usersOf(id, at, scene);
    for (let place = at; place >= oldest; place--) {
      const each = events[place];
      if (each === undefined || !users.has(strmOf(each) ?? '')) continue;
      if (each.event === 'detach') yield [add(place, challenge(each.strm), each.thread)];
      if (each.event === 'http_wait_for_response') yield [{ op: 'drop', at: place }];
    }
  }
}
