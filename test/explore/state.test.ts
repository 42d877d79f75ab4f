import { describe, expect, test } from 'vitest';
import { FcgiConn } from '../../src/engine/functions/mux/mux-fcgi.ts';
import { H1c } from '../../src/engine/functions/mux/mux-h1.ts';
import { H2c } from '../../src/engine/functions/mux/mux-h2.ts';
import { MuxPtCtx } from '../../src/engine/functions/mux/mux-pt.ts';
import { Connection } from '../../src/engine/objects/connection-t.ts';
import { Session, SessSrvList } from '../../src/engine/objects/session-t.ts';
import { ConnStream } from '../../src/engine/objects/stream-t.ts';
import { World } from '../../src/engine/objects/world.ts';
import { AFTER, ruleSet, world } from './support.ts';

/*
 * Everything that the objects of the engine remember, and what becomes of it in a packed state. Who
 * adds a field to the engine comes by here: a state that leaves out what a rule looks at makes the
 * search wrong.
 */

const w = new World(world().config, ruleSet(AFTER));
const [srv] = w.servers.values();
const [fe] = w.frontends.values();
if (!srv || !fe) throw new Error('the world is empty');
const sess = new Session('s1', fe);
const conn = new Connection('c1', srv);

/** `packed`, or why it need not be. */
type Fate = Readonly<Record<string, 'packed' | 'follows' | 'config' | 'name' | 'step'>>;

const OBJECTS: readonly (readonly [string, object, Fate])[] = [
  [
    'Connection',
    conn,
    {
      kind: 'config',
      id: 'name',
      target: 'packed',
      flags: 'packed',
      ctx: 'packed',
      cs: 'packed',
      owner: 'packed',
      countedIdle: 'packed',
      list: 'packed',
      sessionList: 'packed',
      // Set and looked at within one step, which then ends in a crash.
      listBusy: 'step',
      freed: 'packed',
      touchedAt: 'step',
      streams: 'follows',
      creator: 'packed',
      challenged: 'packed',
      joinedEarly: 'packed',
      ownerLink: 'follows',
      broken: 'follows',
    },
  ],
  [
    'Session',
    sess,
    {
      kind: 'config',
      id: 'name',
      fe: 'packed',
      idleConns: 'packed',
      preferLast: 'packed',
      srvList: 'packed',
      streams: 'follows',
      // A tombstone is like any other.
      freed: 'packed',
      touchedAt: 'step',
      preferred: 'packed',
      owned: 'follows',
      broken: 'follows',
    },
  ],
  [
    'SessSrvList',
    new SessSrvList(sess, srv),
    { sess: 'packed', target: 'packed', connList: 'packed' },
  ],
  [
    'ConnStream',
    new ConnStream('t1', conn, sess),
    { strm: 'name', conn: 'packed', sess: 'packed', notFirst: 'packed', muxSess: 'packed' },
  ],
  [
    'Server',
    srv,
    {
      kind: 'config',
      id: 'config',
      proxy: 'config',
      proto: 'config',
      alpn: 'config',
      sendProxy: 'config',
      sni: 'config',
      usesrc: 'config',
      maxIdleConns: 'config',
      lowIdleConns: 'config',
      poolPurgeDelayMs: 'config',
      maxReuse: 'config',
      streamsLimit: 'config',
      keepConn: 'config',
      idleConns: 'packed',
      safeConns: 'packed',
      availableConns: 'packed',
      currIdleThr: 'packed',
      currIdleConns: 'packed',
      currIdleNb: 'packed',
      currSafeNb: 'packed',
      currUsedConns: 'packed',
      maxUsedConns: 'packed',
      estNeedConns: 'packed',
      nextTakeover: 'packed',
      touchedAt: 'step',
      liveConns: 'follows',
      liveIdleConns: 'follows',
      broken: 'follows',
    },
  ],
  [
    'H1c',
    new H1c(),
    {
      mux: 'packed',
      h1s: 'packed',
      orphans: 'packed',
      csIdle: 'packed',
      csError: 'packed',
      csShutwNow: 'packed',
      csShutdown: 'packed',
      waitNextReq: 'packed',
    },
  ],
  [
    'H2c',
    new H2c(100, -1),
    {
      mux: 'packed',
      streams: 'packed',
      orphans: 'packed',
      nbStreams: 'packed',
      streamCnt: 'packed',
      streamsLimit: 'packed',
      maxReuse: 'config',
      goaway: 'packed',
      error: 'packed',
      keepsConnection: 'config',
    },
  ],
  [
    'FcgiConn',
    new FcgiConn(1, -1, true),
    {
      mux: 'packed',
      streams: 'packed',
      orphans: 'packed',
      nbStreams: 'packed',
      streamCnt: 'packed',
      streamsLimit: 'packed',
      maxReuse: 'config',
      closed: 'packed',
      keepsConnection: 'packed',
    },
  ],
  [
    'MuxPtCtx',
    new MuxPtCtx(null),
    { mux: 'packed', orphans: 'packed', closing: 'config', cs: 'packed' },
  ],
  [
    'World',
    w,
    {
      config: 'config',
      rules: 'config',
      nbthread: 'config',
      idlePoolShared: 'config',
      poolLowCount: 'config',
      poolHighCount: 'config',
      frontends: 'config',
      backends: 'config',
      servers: 'packed',
      sessions: 'packed',
      connections: 'packed',
      streams: 'packed',
      orphans: 'packed',
      toremove: 'packed',
      clock: 'step',
      beforeChange: 'step',
      nameConnection: 'step',
      log: 'step',
      thread: 'step',
      usedFds: 'step',
    },
  ],
];

describe.each(OBJECTS)('%s', (_, object, fates) => {
  test('has no field that nobody has decided about', () => {
    expect(Object.keys(object).sort()).toEqual(Object.keys(fates).sort());
  });
});
