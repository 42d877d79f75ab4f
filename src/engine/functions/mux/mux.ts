import type { MuxName } from '../../../format/index.ts';
import type { MuxOps } from '../../objects/mux-t.ts';
import { muxFcgi } from './mux-fcgi.ts';
import { muxH1 } from './mux-h1.ts';
import { muxH2 } from './mux-h2.ts';
import { muxPt } from './mux-pt.ts';

const MUXES: Readonly<Record<MuxName, MuxOps>> = {
  h1: muxH1,
  h2: muxH2,
  fcgi: muxFcgi,
  pt: muxPt,
};

/** The multiplexer of that name. */
export function muxByName(name: MuxName): MuxOps {
  return MUXES[name];
}
