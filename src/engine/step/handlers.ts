import type { EventName, EventOf } from '../../format/index.ts';
import { assignServer, connectServer } from '../functions/backend.ts';
import { connUpdate } from '../functions/conn-update.ts';
import { connCreateMux, csDestroy } from '../functions/connection.ts';
import { cliParseDeleteServer } from '../functions/del-server.ts';
import { httpWaitForResponse } from '../functions/http-ana.ts';
import { muxByName, muxRelease } from '../functions/mux/mux.ts';
import { fcgiDeferredShut } from '../functions/mux/mux-fcgi.ts';
import { h2DeferredShut } from '../functions/mux/mux-h2.ts';
import { srvCleanupToremoveConnections } from '../functions/server.ts';
import { sessionFree, sessionNew } from '../functions/session-life.ts';
import { tcpcheckEvalConnect } from '../functions/tcpcheck.ts';
import { CO_FL_ERROR, CO_FL_XPRT_READY, type Connection } from '../objects/connection-t.ts';
import { Impossible } from '../objects/crash.ts';
import type { Server, Target } from '../objects/server-t.ts';
import type { Session } from '../objects/session-t.ts';
import type { ConnStream } from '../objects/stream-t.ts';
import type { World } from '../objects/world.ts';
import {
  checkConnect,
  checkCreateMux,
  checkDetach,
  checkPassedOver,
  checkResponse,
  checkStreamDestroy,
  checkTcpcheck,
  checkThread,
  checkUpdate,
} from './impossible-input.ts';

/** What a modelled function gives back to its caller, where it gives anything. */
export interface Returned {
  /** `connect_server`, `conn_create_mux` and `del_server` */
  readonly ret?: 'NONE' | 'RESOURCE' | 'INTERNAL' | 0 | 1 | -1;
  /** `connect_server`: an existing connection was attached. */
  readonly reused?: boolean;
  /** `connect_server` and checks: the connection that the stream ended up with, freed or not. */
  readonly conn?: Connection | null;
  /** `assign_server`: the server that the preference found. */
  readonly target?: Server | null;
}

type Handler<Name extends EventName> = (w: World, event: EventOf<Name>) => Returned | undefined;

function session(w: World, id: string): Session {
  const sess = w.sessions.get(id);
  if (!sess) throw new Impossible(`there is no session ${id}, or not any more`);
  return sess;
}

function connection(w: World, id: string): Connection {
  const conn = w.connections.get(id);
  if (!conn) throw new Impossible(`there is no connection ${id}, or not any more`);
  return conn;
}

function attached(w: World, strm: string): ConnStream {
  const cs = w.streams.get(strm);
  if (!cs) throw new Impossible(`stream ${strm} has no connection`);
  return cs;
}

function detached(w: World, strm: string): void {
  const cs = w.streams.get(strm);
  if (cs) throw new Impossible(`stream ${strm} is still attached to ${cs.conn.id}`);
}

function target(w: World, id: string): Target {
  const found = w.target(id);
  if (!found && w.servers.has(id)) throw new Impossible(`server ${id} is deleted`);
  if (!found) throw new Impossible(`there is no server or backend ${id}`);
  return found;
}

function server(w: World, id: string): Server {
  const srv = w.server(id);
  if (!srv) throw new Impossible(`there is no server ${id}${w.servers.has(id) ? ' any more' : ''}`);
  return srv;
}

/**
 * One handler per event: it finds the objects that the event names, sees to it that the event
 * can have happened, and calls the modelled function.
 */
export const HANDLERS: { readonly [Name in EventName]: Handler<Name> } = {
  session_new(w, event) {
    const fe = w.frontends.get(event.fe);
    if (!fe) throw new Impossible(`there is no frontend ${event.fe}`);
    if (w.sessions.has(event.sess)) throw new Impossible(`session ${event.sess} exists already`);
    sessionNew(w, event.sess, fe);
    return undefined;
  },

  assign_server(w, event) {
    const be = w.backends.get(event.be);
    if (!be) throw new Impossible(`there is no backend ${event.be}`);
    const sess = session(w, event.sess);
    checkThread(w, sess);
    const found = assignServer(w, event.strm, sess, be, event.unusable ?? []);
    checkPassedOver(w);
    return { target: found };
  },

  connect_server(w, event) {
    detached(w, event.strm);
    const sess = session(w, event.sess);
    checkConnect(w, sess, event);
    const name = () => w.nameConnection(event.strm, event.conn);
    return connectServer(w, event.strm, sess, target(w, event.target), name, event);
  },

  conn_create_mux(w, event) {
    const conn = connection(w, event.conn);
    const { cs } = conn;
    if (!cs) throw new Impossible(`${conn.id} has its mux already`);
    if (!conn.has(CO_FL_XPRT_READY | CO_FL_ERROR)) {
      throw new Impossible(`the transport of ${conn.id} is closed: no handshake can end`);
    }
    checkCreateMux(w, conn, event);
    const mux = event.mux === undefined ? null : muxByName(event.mux);
    return { ret: connCreateMux(w, conn, cs, mux, event) };
  },

  tcpcheck_eval_connect(w, event) {
    detached(w, event.strm);
    const sess = session(w, event.sess);
    checkTcpcheck(w, sess);
    const name = w.nameConnection(event.strm, event.conn);
    const mux = event.mux === undefined ? null : muxByName(event.mux);
    return { conn: tcpcheckEvalConnect(w, event.strm, sess, target(w, event.target), name, mux) };
  },

  http_wait_for_response(w, event) {
    const cs = attached(w, event.strm);
    if (cs.conn.freed) throw new Impossible(`${cs.conn.id} was freed under stream ${event.strm}`);
    checkResponse(w, cs, event);
    httpWaitForResponse(w, cs, cs.sess, event);
    return undefined;
  },

  detach(w, event) {
    const cs = attached(w, event.strm);
    if (!cs.conn.freed) checkDetach(w, cs, event);
    csDestroy(w, cs, event);
    return undefined;
  },

  stream_destroy(w, event) {
    const orphan = w.orphans.get(event.strm)?.[0];
    if (!orphan) throw new Impossible(`stream ${event.strm} did not leave while blocked`);
    checkStreamDestroy(w, orphan, event);
    if (orphan.conn.ctx?.mux.name === 'fcgi') fcgiDeferredShut(w, orphan, event);
    else h2DeferredShut(w, orphan, event);
    return undefined;
  },

  mux_release(w, event) {
    const conn = connection(w, event.conn);
    if (!conn.ctx) throw new Impossible(`${conn.id} has no mux`);
    const cs = conn.ctx.streams[0];
    if (cs) throw new Impossible(`stream ${cs.strm} is still attached to ${conn.id}`);
    muxRelease(w, conn);
    return undefined;
  },

  conn_update(w, event) {
    const conn = connection(w, event.conn);
    checkUpdate(w, conn, event);
    connUpdate(w, conn, event);
    return undefined;
  },

  srv_cleanup_idle_connections(w, event) {
    w.rules.purge.cleanupIdle(w, server(w, event.srv));
    return undefined;
  },

  srv_cleanup_connections(w, event) {
    w.rules.purge.cleanupAll(w, server(w, event.srv));
    return undefined;
  },

  del_server(w, event) {
    return { ret: cliParseDeleteServer(w, server(w, event.srv), event.error ?? false) };
  },

  srv_cleanup_toremove_connections(w) {
    srvCleanupToremoveConnections(w);
    return undefined;
  },

  session_free(w, event) {
    const sess = session(w, event.sess);
    if (sess.streams > 0) {
      throw new Impossible(`${sess.streams} stream(s) of session ${sess.id} hold a connection`);
    }
    checkThread(w, sess);
    sessionFree(w, sess);
    return undefined;
  },
};
