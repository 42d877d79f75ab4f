import type { MuxOps } from '../../objects/mux-t.ts';
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

/** Streams at once that HAProxy assumes until SETTINGS say otherwise. */
const DEFAULT_STREAMS_LIMIT = 100;

const rules = detachRules('h2.detach', rulesOf('h2_detach', 'src/mux_h2.c'));
const streamsLeft = destroyRule('h2.destroy', rulesOf('h2_destroy', 'src/mux_h2.c'));
const orphans = orphanRules('h2.orphan', rulesOf('h2_deferred_shut', 'src/mux_h2.c'));

/** `struct h2c` of src/mux_h2.c. */
export class H2c extends MultiplexedContext {
  readonly mux = muxH2;
  /** `last_sid >= 0`: a GOAWAY was seen. */
  goaway = false;
  /** `st0 >= H2_CS_ERROR` */
  error = false;
  readonly keepsConnection = true;

  get closing(): boolean {
    return this.goaway || this.error;
  }

  copy(stream: (cs: ConnStream) => ConnStream): H2c {
    const copy = new H2c(this.streamsLimit, this.maxReuse).copyStreams(this, stream);
    copy.goaway = this.goaway;
    copy.error = this.error;
    return copy;
  }

  get failed(): boolean {
    return this.error;
  }
}

/** h2_deferred_shut, src/mux_h2.c; semantics 3.19 and 8.22. */
export function h2DeferredShut(
  w: World,
  cs: ConnStream,
  inputs: Parameters<typeof endOrphan>[2],
): void {
  endOrphan(w, cs, inputs, orphans);
}

/** h2_ops of src/mux_h2.c. */
export const muxH2: MuxOps = {
  name: 'h2',
  takesOver: true,
  holRisk: true,
  init(conn, cs) {
    const ctx = new H2c(conn.srv?.streamsLimit ?? DEFAULT_STREAMS_LIMIT, conn.srv?.maxReuse ?? -1);
    ctx.enter(cs);
    return ctx;
  },
  attach: attachStream,
  detach(w, cs, inputs) {
    detachStream(w, cs, inputs, rules);
  },
  destroy(w, conn) {
    destroyMultiplexed(w, conn, streamsLeft);
  },
  release: releaseMultiplexed,
};
