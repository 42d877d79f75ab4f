import { SESS_SRV_LIST, SESSION } from '../../state/session.ts';
import { struct } from './fields/struct.ts';
import { ConnList } from './list.ts';
import type { Frontend, Target } from './server-t.ts';

/** `struct sess_srv_list`: the connections of one session to one target. */
export class SessSrvList extends struct(SESS_SRV_LIST) {
  readonly connList: ConnList;

  constructor(
    readonly sess: Session,
    readonly target: Target,
  ) {
    super();
    this.connList = new ConnList(null, null, this, 'sessionList');
  }
}

/** `struct session` of include/haproxy/session-t.h: one client. */
export class Session extends struct(SESSION) {
  readonly kind = 'sess';
  readonly srvList: SessSrvList[] = [];
  readonly owned = new ConnList(null, null, null, 'ownerLink');

  constructor(
    readonly id: string,
    readonly fe: Frontend,
  ) {
    super();
  }
}
