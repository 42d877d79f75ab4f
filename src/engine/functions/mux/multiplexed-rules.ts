import type { CrashFunction } from '../../../format/index.ts';
import { type Declare, type Rule, rulesOf } from '../../objects/rule.ts';

/** The rules of one multiplexer's detach, under its own function name. */
export interface DetachRules {
  readonly blocked: Rule;
  readonly never: Rule;
  readonly lists: Rule;
  readonly adopts: Rule;
  readonly leavesOwned: Rule;
  readonly addFailed: Rule;
  readonly streamsLeft: Rule;
  readonly idle: Rule;
  readonly otherOwner: Rule;
  readonly privateAvailable: Rule;
  readonly checksShared: Rule;
  readonly disowned: Rule;
  readonly pools: Rule;
  readonly refused: Rule;
  readonly available: Rule;
  readonly availableByKey: Rule;
  readonly notAvailable: Rule;
  readonly broken: Rule;
  readonly deadError: Rule;
  readonly deadNoOwner: Rule;
  readonly deadClosed: Rule;
  readonly kept: Rule;
}

/** Declares what h2_destroy and fcgi_destroy share: a stream or an orphan keeps the connection. */
export function destroyRule(prefix: string, rule: Declare): Rule {
  return rule(
    `${prefix}.streams-left`,
    '{0|the connection} is not destroyed now[ (streams left, blocked ones included: {1})]',
    'conn',
  );
}

/** The rules of one multiplexer's deferred shut, under its own function name. */
export interface OrphanRules {
  readonly fn: CrashFunction;
  readonly freed: Rule;
  readonly woken: Rule;
  readonly deadError: Rule;
  readonly deadNoOwner: Rule;
  readonly deadClosed: Rule;
  readonly kept: Rule;
}

/** Declares the rules that h2_deferred_shut and fcgi_deferred_shut share in all but name. */
export function orphanRules(prefix: string, fn: CrashFunction, file: string): OrphanRules {
  const rule = rulesOf(fn, file);
  return {
    fn,
    freed: rule(
      `${prefix}.freed`,
      '{0|the connection} was freed under its orphan, which now reads it',
      'crash',
    ),
    woken: rule(
      `${prefix}.woken`,
      'the mux drops an orphan of {0|the connection} while it wakes its streams: nothing follows',
      'conn avail_streams',
    ),
    deadError: rule(
      `${prefix}.dead.error`,
      'the last orphan of {0|the connection} ends, which is in error: it is released',
      'conn list',
    ),
    deadNoOwner: rule(
      `${prefix}.dead.no-owner`,
      'the last orphan of {0|the connection} ends, which has no owner: it is released',
      'conn list',
    ),
    deadClosed: rule(
      `${prefix}.dead.closed`,
      'the last orphan of {0|the connection} ends, and the peer has closed or will: it is released',
      'conn list',
    ),
    kept: rule(
      `${prefix}.kept`,
      'an orphan of {0|the connection} ends: no session counts it, no server takes it',
      'conn avail_streams SESS_IDLE idle_conns list',
    ),
  };
}

/** Declares the rules that h2_detach and fcgi_detach share in all but name. */
export function detachRules(prefix: string, rule: Declare): DetachRules {
  return {
    blocked: rule(
      `${prefix}.blocked`,
      '[stream {1}|a stream] leaves {0|the connection} while blocked: the mux keeps it as an orphan, ownership does not change',
      'conn used_streams avail_streams SESS_IDLE idle_conns list SAFE_LIST IDLE_LIST curr_idle_conns curr_idle_nb curr_safe_nb listed_in owner',
    ),
    never: rule(
      `${prefix}.never`,
      '{1|http-reuse never}: a stream leaves {0|the connection}, which is private from now on',
      'PRIVATE',
    ),
    lists: rule(
      `${prefix}.private`,
      'a stream leaves {0|the connection}, which is private: it is to be added to {1|the session of the stream}',
      'used_streams avail_streams list SAFE_LIST IDLE_LIST curr_idle_conns curr_idle_nb curr_safe_nb ~listed_in',
    ),
    adopts: rule(
      `${prefix}.private-adopted`,
      'a stream leaves {0|the connection}, private and without an owner: {1|its session} adopts it',
      'used_streams avail_streams owner list SAFE_LIST IDLE_LIST curr_idle_conns curr_idle_nb curr_safe_nb ~listed_in',
    ),
    leavesOwned: rule(
      `${prefix}.private-owned`,
      '{0|the connection} is private and has an owner already[ ({1})]: it is not added to any session',
      'used_streams avail_streams owner list SAFE_LIST IDLE_LIST curr_idle_conns curr_idle_nb curr_safe_nb listed_in',
    ),
    addFailed: rule(
      `${prefix}.add-failed`,
      '{1|the session} cannot list {0|the connection}, which loses its owner and is destroyed if unused',
      'conn owner',
    ),
    streamsLeft: rule(
      `${prefix}.private.streams-left`,
      '{0|the connection} is not idle yet[ (streams left, blocked ones included: {1})]',
      'SESS_IDLE idle_conns',
    ),
    idle: rule(
      `${prefix}.private.idle`,
      'the last stream leaves {0|the connection}, which its owner[ ({1})] is to keep idle',
      '~SESS_IDLE ~idle_conns',
    ),
    otherOwner: rule(
      `${prefix}.private.other-owner`,
      'the last stream leaves {0|the connection}, private and owned by {1|another session}: not counted as idle',
      'SESS_IDLE idle_conns',
    ),
    privateAvailable: rule(
      `${prefix}.private.available`,
      '{0|the connection} keeps other streams and has room (streams free: {2|one or more}): private or not, it goes to the head of the available list of {1|the server}, and stays there when its last stream leaves',
      'list SESS_IDLE idle_conns',
    ),
    checksShared: rule(
      `${prefix}.shared.checked`,
      'the last stream leaves {0|the connection}, which can be shared, and the owner ({1|its session}) is who leaves: it is to keep it idle all the same',
      'used_streams avail_streams ~SESS_IDLE ~idle_conns',
    ),
    disowned: rule(
      `${prefix}.disowned`,
      'the last stream leaves {0|the connection}, which can be shared: {1|its owner} is to give it up, and has it no more',
      'owner',
    ),
    pools: rule(
      `${prefix}.shared`,
      'the last stream leaves {0|the connection}, which can be shared: it is offered to {1|the server}',
      'used_streams avail_streams SESS_IDLE idle_conns ~SAFE_LIST ~IDLE_LIST ~list',
    ),
    refused: rule(
      `${prefix}.refused`,
      'the server does not want {0|the idle connection}: it is destroyed',
      'conn list',
    ),
    available: rule(
      `${prefix}.available`,
      '{0|the connection} keeps other streams and has room (streams free: {2|one or more}): it goes to the head of the available list of {1|the server}',
      'used_streams avail_streams list SAFE_LIST IDLE_LIST curr_idle_conns curr_idle_nb curr_safe_nb SESS_IDLE idle_conns',
    ),
    availableByKey: rule(
      `${prefix}.available.by-key`,
      '{0|the connection} keeps other streams and has room (streams free: {2|one or more}): it joins the available tree of {1|the server}, after all others of its key',
      'used_streams avail_streams list SAFE_LIST IDLE_LIST curr_idle_conns curr_idle_nb curr_safe_nb SESS_IDLE idle_conns',
    ),
    notAvailable: rule(
      `${prefix}.not-available`,
      '{0|the connection} keeps other streams, but {1|is in a list already, full, or without a server}: it is not made available',
      'used_streams avail_streams list SAFE_LIST IDLE_LIST curr_idle_conns curr_idle_nb curr_safe_nb SESS_IDLE idle_conns',
    ),
    broken: rule(
      `${prefix}.not-reusable`,
      '{0|the connection} {1|is in error, shut, or not to be kept}: nobody may reuse it',
      'used_streams avail_streams list SAFE_LIST IDLE_LIST curr_idle_conns curr_idle_nb curr_safe_nb SESS_IDLE idle_conns listed_in owner',
    ),
    deadError: rule(
      `${prefix}.dead.error`,
      '{0|the connection} has no stream left and is in error: it is released',
      'conn list',
    ),
    deadNoOwner: rule(
      `${prefix}.dead.no-owner`,
      '{0|the connection} has no stream left and no owner: it is released',
      'conn list',
    ),
    deadClosed: rule(
      `${prefix}.dead.closed`,
      '{0|the connection} has no stream left and the peer has closed or will: it is released',
      'conn list',
    ),
    kept: rule(
      `${prefix}.kept`,
      '{0|the connection} lives on[ (streams left, blocked ones included: {2}, owner: {1})]',
      'conn',
    ),
  };
}
