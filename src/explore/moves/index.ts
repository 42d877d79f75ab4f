/** What can happen next in a scene. */

import { drain } from '../state/side.ts';
import type { Move } from './choices.ts';
import { addConnectionMoves } from './connection.ts';
import type { MoveList } from './move-list.ts';
import { addServerMoves } from './server.ts';
import { addSessionMoves } from './session.ts';
import { addStreamMoves } from './stream.ts';

export { type Choices, choicesOf, type Move } from './choices.ts';
export { MoveList } from './move-list.ts';

/** Everything that can happen next, in a fixed order. */
export function listMoves(list: MoveList): readonly Move[] {
  drain(list.moves);
  addSessionMoves(list);
  addStreamMoves(list);
  addConnectionMoves(list);
  addServerMoves(list);
  return list.moves;
}
