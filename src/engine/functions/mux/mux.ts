import type { MuxName } from '../../../format/index.ts';
import type { Connection } from '../../objects/connection-t.ts';
import type { MuxOps } from '../../objects/mux-t.ts';
import { rulesOf } from '../../objects/rule.ts';
import { REUSE_SAFE } from '../../objects/server-t.ts';
import type { World } from '../../objects/world.ts';
import { muxFcgi } from './mux-fcgi.ts';
import { muxH1 } from './mux-h1.ts';
import { muxH2 } from './mux-h2.ts';
import { muxPt } from './mux-pt.ts';

const RELEASED = rulesOf('h1_release', 'src/mux_h1.c')(
  'mux.released',
  'the mux releases {0|the connection} by itself, without a stream',
  'conn list',
);

const MUXES: Readonly<Record<MuxName, MuxOps>> = {
  h1: muxH1,
  h2: muxH2,
  fcgi: muxFcgi,
  pt: muxPt,
};

/**
 * Whether a connection that can be shared is for one session at a time: under http-reuse safe, with
 * a mux on which one stream can hold up the others.
 *
 * @param mode the reuse mode that applies: one of the `REUSE_*` values
 */
export function isLent(conn: Connection, mode: number): boolean {
  return mode === REUSE_SAFE && (conn.ctx?.mux.holRisk ?? false);
}

/**
 * The mux drops its connection by itself: h1_release, h2_release, fcgi_release, mux_pt_destroy, from
 * a timeout, an I/O callback or a wake-up. The connection must have a mux, and no stream.
 */
export function muxRelease(w: World, conn: Connection): void {
  w.log.decide(RELEASED, conn);
  w.rules.idleIo.onTimeout(w, conn);
  conn.ctx?.mux.release(w, conn);
}

/** The multiplexer of that name. */
export function muxByName(name: MuxName): MuxOps {
  return MUXES[name];
}
