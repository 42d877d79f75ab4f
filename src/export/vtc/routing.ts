import type { Course } from '../course/realise.ts';
import type { ScriptNames } from './cast.ts';

/** A request, and where it is to go. */
interface Routed {
  readonly strm: string;
  /** `backend/server` of the trace. */
  readonly target: string;
  /** The name of the server that it asks for; null: none. */
  readonly sni: string | null;
}

/** Whether a session may come to prefer the server that it was last with. */
function mayPrefer({ config, acts }: Course): boolean {
  const isAsked = Object.values(config.backends ?? {}).some(
    (backend) => backend['option prefer-last-server'] === true,
  );
  const isChallenged = acts.some(
    ({ event }) =>
      event.event === 'http_wait_for_response' && (event.status === 401 || event.status === 407),
  );
  return isAsked || isChallenged;
}

/** Whether a request has to name its server: others could be chosen, or preferred. */
function namesServer(course: Course, { strm, target }: Omit<Routed, 'sni'>): boolean {
  const { config, acts } = course;
  const isPreferred = acts.some(
    ({ event, hasPreferred }) => hasPreferred && 'strm' in event && event.strm === strm,
  );
  const be = target.slice(0, target.indexOf('/') + 1);
  const siblings = Object.keys(config.servers ?? {}).filter((id) => id.startsWith(be));
  return !isPreferred && (siblings.length > 1 || mayPrefer(course));
}

/** Whether any request to a backend names its server. */
export function hasNamedServers(course: Course, be: string): boolean {
  return course.acts.some(
    ({ event }) =>
      event.event === 'connect_server' &&
      event.target.startsWith(`${be}/`) &&
      namesServer(course, event),
  );
}

/** Headers by which HAProxy chooses the backend, the server and its name as the trace does. */
export function routeHeaders(
  course: Course,
  names: ScriptNames,
  routed: Routed,
  protocol: 'h1' | 'h2',
): string {
  const { be, srv } = names.target(routed.target);
  const [first] = Object.keys(course.config.backends ?? {});
  const header = (name: string, value: string): string =>
    protocol === 'h2' ? ` -hdr "${name}" "${value}"` : ` -hdr "${name}: ${value}"`;
  const isOther = first !== undefined && be !== names.backends.of(first);
  return [
    ...(isOther ? [header('x-backend', be)] : []),
    ...(namesServer(course, routed) ? [header('x-server', srv)] : []),
    ...(routed.sni === null ? [] : [header('x-sni', routed.sni)]),
  ].join('');
}
