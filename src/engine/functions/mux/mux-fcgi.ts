import { MULTIPLEXED } from '../../../state/mux.ts';
import type { DetachInputs, MuxOps } from '../../objects/mux-t.ts';
import { rulesOf } from '../../objects/rule.ts';
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
  attach: attachStream,
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
