import type { Repair } from './edit.ts';
import { add, connsOf, type Misfit, type Scene, streamsOn, strmOf } from './scene.ts';

/** What makes a connection private comes, or does not, before the stream leaves it. */
export function* challenges(misfit: Misfit, { events, oldest, world }: Scene): Generator<Repair> {
  const { event, at, lost } = misfit;
  const strm = strmOf(event);
  const headers = { 'WWW-Authenticate': ['NTLM'] };
  const challenge = (by: string) => ({
    ...{ event: 'http_wait_for_response', strm: by, status: 401, headers },
  });
  if (event.event === 'detach' && strm !== null) {
    yield [add(at, challenge(strm), event.thread)];
  }
  for (const id of [...connsOf(event), ...lost]) {
    for (const by of streamsOn(world, id)) yield [add(at, challenge(by), event.thread)];
    const users = new Set<string>();
    for (let place = at; place >= oldest; place--) {
      const each = events[place];
      if (each?.event === 'connect_server' && each.conn === id) users.add(each.strm);
    }
    for (let place = at; place >= oldest; place--) {
      const each = events[place];
      if (each === undefined || !users.has(strmOf(each) ?? '')) continue;
      if (each.event === 'detach') yield [add(place, challenge(each.strm), each.thread)];
      if (each.event === 'http_wait_for_response') yield [{ op: 'drop', at: place }];
    }
  }
}
