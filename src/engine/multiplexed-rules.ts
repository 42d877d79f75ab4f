import type { Rule } from './rule.ts';

/** The rules of one multiplexer's detach, under its own function name. */
export interface DetachRules {
  readonly blocked: Rule;
  readonly lists: Rule;
  readonly adopts: Rule;
  readonly leavesOwned: Rule;
  readonly addFailed: Rule;
  readonly streamsLeft: Rule;
  readonly otherOwner: Rule;
  readonly pools: Rule;
  readonly refused: Rule;
  readonly available: Rule;
  readonly notAvailable: Rule;
  readonly broken: Rule;
  readonly deadError: Rule;
  readonly deadNoOwner: Rule;
  readonly deadClosed: Rule;
  readonly kept: Rule;
}

/** Declares the rules that h2_detach and fcgi_detach share in all but name. */
export function detachRules(
  prefix: string,
  rule: (id: string, says: string, decides?: string) => Rule,
): DetachRules {
  return {
    blocked: rule(
      `${prefix}.blocked`,
      'the stream leaves while blocked: the mux keeps it as an orphan, ownership does not change',
      'used_streams flags list listed_in',
    ),
    lists: rule(
      `${prefix}.private`,
      'a stream leaves a private connection: it is added to the session, if it is not listed',
      'owner listed_in srv_list',
    ),
    adopts: rule(
      `${prefix}.private-adopted`,
      'a stream leaves a private connection without an owner: its session adopts it',
      'owner listed_in srv_list',
    ),
    leavesOwned: rule(
      `${prefix}.private-owned`,
      'a private connection that has an owner already is not added to any session',
      'owner listed_in srv_list',
    ),
    addFailed: rule(
      `${prefix}.add-failed`,
      'the session cannot list the connection: it loses its owner, and is destroyed if unused',
      'conn owner',
    ),
    streamsLeft: rule(
      `${prefix}.private.streams-left`,
      'other streams use the private connection: it is not idle',
      'flags idle_conns',
    ),
    otherOwner: rule(
      `${prefix}.private.other-owner`,
      'the last stream leaves a private connection of another session: not counted as idle',
      'flags idle_conns',
    ),
    pools: rule(
      `${prefix}.shared`,
      'the last stream leaves a connection that can be shared: it is offered to the server',
      'flags list',
    ),
    refused: rule(
      `${prefix}.refused`,
      'the server does not want the idle connection: it is destroyed',
      'conn',
    ),
    available: rule(
      `${prefix}.available`,
      'streams are left and there is room: the connection goes to the head of the available list',
      'list available',
    ),
    notAvailable: rule(
      `${prefix}.not-available`,
      'streams are left, and the connection is in a list already, full, or without a server',
      'list available',
    ),
    broken: rule(
      `${prefix}.not-reusable`,
      'the connection is in error, shut, or not to be kept: nobody may reuse it',
      'conn flags list listed_in',
    ),
    deadError: rule(
      `${prefix}.dead.error`,
      'no stream is left and the connection is in error: it is released',
      'conn',
    ),
    deadNoOwner: rule(
      `${prefix}.dead.no-owner`,
      'no stream is left and nobody owns the connection: it is released',
      'conn',
    ),
    deadClosed: rule(
      `${prefix}.dead.closed`,
      'no stream is left and the peer has closed or will: it is released',
      'conn',
    ),
    kept: rule(
      `${prefix}.kept`,
      'the connection lives on with what it has: streams, an owner, or a place in a list',
      'conn owner flags list listed_in',
    ),
  };
}
