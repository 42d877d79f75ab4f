import { MULTIPLEXED } from '../../../state/mux.ts';
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
const orphans = orphanRules('h2.orphan', 'h2_deferred_shut', 'src/mux_h2.c');

/** `struct h2c` of src/mux_h2.c. */
export class H2c extends MultiplexedContext {
  readonly mux = muxH2;

  constructor(streamsLimit: number, maxReuse: number) {
    super(streamsLimit, maxReuse, true);
  }

  blank(): H2c {
    return new H2c(this.streamsLimit, this.maxReuse);
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
  fields: MULTIPLEXED,
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
