import type { CONNECTION } from '../../../state/connection.ts';
import type { Fields } from '../../../state/field.ts';
import type { SERVER } from '../../../state/server.ts';
import type { SESS_SRV_LIST, SESSION } from '../../../state/session.ts';
import type { CONN_STREAM } from '../../../state/stream.ts';
import type { WORLD } from '../../../state/world.ts';
import type { Connection } from '../connection-t.ts';
import type { ConnList, ListNode } from '../list.ts';
import type { Server } from '../server-t.ts';
import type { Session, SessSrvList } from '../session-t.ts';
import type { ConnStream } from '../stream-t.ts';
import type { World } from '../world.ts';

/** What changes though the member that holds it does not. */
type Changing = readonly unknown[] | ReadonlyMap<string, unknown> | ConnList | ListNode;

type IfSame<One, Other, Then, Else> =
  (<T>() => T extends One ? 1 : 2) extends <T>() => T extends Other ? 1 : 2 ? Then : Else;

type IfMethod<Member, Then, Else> = Member extends (...args: never[]) => unknown ? Then : Else;

/** The members that are assigned, or that hold what changes. */
type Mutable<Class> = {
  [Name in keyof Class]-?: IfSame<
    Pick<Class, Name>,
    Readonly<Pick<Class, Name>>,
    NonNullable<Class[Name]> extends Changing ? Name : never,
    IfMethod<Class[Name], never, Name>
  >;
}[keyof Class];

/** What is declared and missing in a class, or can change there and is not declared. */
type Amiss<Class, F extends Fields> =
  | Exclude<keyof F, keyof Class>
  | Exclude<Mutable<Class>, keyof F>;

/** Takes nothing: the name that it is given instead stands in the error. */
type Nothing<Name extends never> = Name;

/**
 * Every field of the state is declared, and every one that is declared is there: what does not hold
 * is an error of types, with the name of the field.
 */
export type Declared =
  | Nothing<Amiss<Connection, typeof CONNECTION>>
  | Nothing<Amiss<Session, typeof SESSION>>
  | Nothing<Amiss<SessSrvList, typeof SESS_SRV_LIST>>
  | Nothing<Amiss<Server, typeof SERVER>>
  | Nothing<Amiss<ConnStream, typeof CONN_STREAM>>
  | Nothing<Amiss<World, typeof WORLD>>;
