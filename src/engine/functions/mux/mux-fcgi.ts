import { MULTIPLEXED } from '../../../state/mux.ts';
import type { Connection } from '../../objects/connection-t.ts';
import { Crash } from '../../objects/crash.ts';
import type { DetachInputs, MuxOps } from '../../objects/mux-t.ts';
import { rulesOf } from '../../objects/rule.ts';
import type { Session } from '../../objects/session-t.ts';
import type { ConnStream } from '../../objects/stream-t.ts';
import type { World } from '../../objects/world.ts';
import {
  attachStream,
  destroyMultiplexed,
  detachStream,
  endOrphan,
  MultiplexedContext,
  releaseMultiplexed,
} from './multiplexed.ts';
import { destroyRule, detachRules, orphanRules } from './multiplexed-rules.ts';

/** Streams at once until the application says that it multiplexes. */
const DEFAULT_STREAMS_LIMIT = 1;

const rules = detachRules('fcgi.detach', rulesOf('fcgi_detach', 'src/mux_fcgi.c'));
const ATTACH_CRASHES = rulesOf('fcgi_strm_destroy', 'src/mux_fcgi.c')(
  'fcgi.attach.crashes',
  'no memory for a stream on {0|the connection}: what was not made is destroyed',
  'crash',
);
const streamsLeft = destroyRule('fcgi.destroy', rulesOf('fcgi_destroy', 'src/mux_fcgi.c'));
const orphans = orphanRules('fcgi.orphan', 'fcgi_deferred_shut', 'src/mux_fcgi.c');

/** `struct fcgi_conn` of src/mux_fcgi.c. */
export class FcgiConn extends MultiplexedContext {
  readonly mux = muxFcgi;

  blank(): FcgiConn {
    return new FcgiConn(this.streamsLimit, this.maxReuse, this.keepsConnection);
  }
}

/** What the application answered about its own state; semantics 3.20. */
function applyProtoStatus(ctx: FcgiConn, status: DetachInputs['proto_status']): void {
  if (status === 'CANT_MPX_CONN') {
    ctx.streamsLimit = 1;
  } else if (status === 'OVERLOADED' || status === 'UNKNOWN_ROLE') {
    ctx.keepsConnection = false;
    ctx.failed = true;
  }
}

/** fcgi_deferred_shut, src/mux_fcgi.c; semantics 3.20 and 8.22. */
export function fcgiDeferredShut(
  w: World,
  cs: ConnStream,
  inputs: Parameters<typeof endOrphan>[2],
): void {
  endOrphan(w, cs, inputs, orphans);
}

/** fcgi_attach, src/mux_fcgi.c; semantics 3.17, releases R11. */
function fcgiAttach(w: World, conn: Connection, strm: string, sess: Session): ConnStream | null {
  const cs = attachStream(w, conn, strm, sess);
  // 070b91bc1: there is no stream, and it is destroyed all the same.
  if (!cs && w.rules.fcgiAttachFails === 'crashes') {
    w.log.decide(ATTACH_CRASHES, conn);
    throw new Crash('fcgi_strm_destroy');
  }
  return cs;
}

/** mux_fcgi_ops of src/mux_fcgi.c. */
export const muxFcgi: MuxOps = {
  name: 'fcgi',
  fields: MULTIPLEXED,
  takesOver: true,
  holRisk: true,
  init(conn, cs) {
    const ctx = new FcgiConn(
      conn.srv?.streamsLimit ?? DEFAULT_STREAMS_LIMIT,
      conn.srv?.maxReuse ?? -1,
      conn.srv?.keepConn ?? true,
    );
    ctx.enter(cs);
    return ctx;
  },
  attach: fcgiAttach,
  detach(w, cs, inputs) {
    const ctx = cs.conn.ctx;
    if (ctx instanceof FcgiConn) {
      w.touch(cs.conn);
      applyProtoStatus(ctx, inputs.proto_status);
    }
    detachStream(w, cs, inputs, rules);
  },
  destroy(w, conn) {
    destroyMultiplexed(w, conn, streamsLeft);
  },
  release: releaseMultiplexed,
};
