import type { Config } from '../../format/index.ts';
import type { Course } from '../course/realise.ts';
import type { Harbour, ScriptNames } from './cast.ts';
import { hasConditions } from './requirements.ts';
import { hasNamedServers } from './routing.ts';

type BackendConfig = NonNullable<Config['backends']>[string];
type ServerConfig = NonNullable<Config['servers']>[string];

/** Lines that a configuration gets besides, in sections of the same name. */
export interface MoreConfig {
  readonly global: readonly string[];
  readonly defaults: readonly string[];
  readonly backend: readonly string[];
}

/** The variable by which those who run HAProxy's tests say how long they wait. */
function timeoutLines({ rules }: Course): string[] {
  const value = hasConditions(rules) ? `"$\{HAPROXY_TEST_TIMEOUT-5s}"` : '5s';
  return ['connect', 'client ', 'server '].map((whose) => `timeout ${whose} ${value}`);
}

function section(head: string, lines: readonly string[]): string[] {
  return [`  ${head}`, ...lines.map((line) => `    ${line}`)];
}

function globalLines({ config }: Course, more: MoreConfig | null): string[] {
  const limits = Object.values(config.servers ?? {}).flatMap((srv) => srv['streams-limit'] ?? []);
  return [
    `nbthread ${config.nbthread ?? 1}`,
    ...(config['tune.idle-pool.shared'] === false ? ['tune.idle-pool.shared off'] : []),
    ...(limits.length === 0 ? [] : [`tune.h2.max-concurrent-streams ${Math.min(...limits)}`]),
    ...(more?.global ?? []),
  ];
}

function frontendLines(course: Course, fe: string, names: ScriptNames): string[] {
  const { config, sessions } = course;
  const max = config.frontends?.[fe]?.['max-session-srv-conns'];
  const protocols = new Set(
    [...sessions.values()].filter((each) => each.fe === fe).map(({ protocol }) => protocol),
  );
  const backends = Object.keys(config.backends ?? {});
  const [first] = backends;
  return [
    ...(max === undefined ? [] : [`max-session-srv-conns ${max}`]),
    ...(protocols.has('h2') ? [`bind "fd@\${${names.socket(fe, 'h2')}}" proto h2`] : []),
    ...(protocols.has('h1') || protocols.size === 0
      ? [`bind "fd@\${${names.socket(fe, 'h1')}}"`]
      : []),
    ...backends.slice(1).map((be) => {
      const name = names.backends.of(be);
      return `use_backend ${name} if { req.hdr(x-backend) ${name} }`;
    }),
    ...(first === undefined ? [] : [`default_backend ${names.backends.of(first)}`]),
  ];
}

function serverWords(srv: ServerConfig): string[] {
  const delay = srv['pool-purge-delay'];
  const numbers = (['pool-max-conn', 'pool-low-conn', 'max-reuse'] as const).flatMap((key) =>
    srv[key] === undefined ? [] : [`${key} ${srv[key]}`],
  );
  return [
    ...(srv.ssl === true ? ['ssl verify none'] : []),
    ...(srv['send-proxy'] === true ? ['send-proxy'] : []),
    ...(srv.alpn == null ? [] : [`alpn ${srv.alpn}`]),
    ...(srv.sni === 'constant' ? ['sni str(localhost)'] : []),
    ...(srv.sni === true ? ['sni req.hdr(x-sni)'] : []),
    ...(srv.proto == null ? [] : [`proto ${srv.proto}`]),
    ...numbers,
    ...(delay === undefined ? [] : [`pool-purge-delay ${delay}ms`]),
  ];
}

function backendLines(course: Course, be: string, { harbours, names, more }: Parts): string[] {
  const config: BackendConfig = course.config.backends?.[be] ?? {};
  const mine = harbours.filter(({ target }) => target.slice(0, target.indexOf('/')) === be);
  const retries = config['retry-on'];
  return [
    ...(config['http-reuse'] === undefined ? [] : [`http-reuse ${config['http-reuse']}`]),
    ...(config['option prefer-last-server'] === true ? ['option prefer-last-server'] : []),
    ...(retries === undefined || retries.length === 0 ? [] : [`retry-on ${retries.join(' ')}`]),
    ...(more?.backend ?? []),
    ...(hasNamedServers(course, be)
      ? ['use-server %[req.hdr(x-server)] if { req.hdr(x-server) -m found }']
      : []),
    ...mine.map(({ target, servers, relay }) => {
      const { srv } = names.target(target);
      const place = relay === null ? (servers[0]?.name ?? '') : `h2_${relay}`;
      const words = serverWords(course.config.servers?.[target] ?? {});
      return ['server', srv, `\${${place}_addr}:\${${place}_port}`, ...words].join(' ');
    }),
  ];
}

interface Parts {
  readonly harbours: readonly Harbour[];
  readonly names: ScriptNames;
  readonly more: MoreConfig | null;
}

/** What the header of the trace says, as HAProxy reads it. */
export function haproxyLines(course: Course, parts: Parts): string[] {
  const { names, more } = parts;
  return [
    'haproxy h1 -conf {',
    ...section('global', globalLines(course, more)),
    ...section('defaults', ['mode http', ...timeoutLines(course), ...(more?.defaults ?? [])]),
    ...Object.keys(course.config.frontends ?? {}).flatMap((fe) =>
      section(`frontend ${names.frontends.of(fe)}`, frontendLines(course, fe, names)),
    ),
    ...Object.keys(course.config.backends ?? {}).flatMap((be) =>
      section(`backend ${names.backends.of(be)}`, backendLines(course, be, parts)),
    ),
    '} -start',
  ];
}

/** Where the certificate of the relay stands, in the folder of the script. */
const TMPDIR = `$\{tmpdir}`;
const CERTIFICATE = `${TMPDIR}/relay.pem`;

/** Makes the certificate of a relay that speaks TLS. */
export function certificateLines(harbours: readonly Harbour[]): string[] {
  if (!harbours.some(({ tls }) => tls !== null)) return [];
  return [
    'shell {',
    '  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes \\',
    `    -days 1 -subj /CN=localhost -keyout ${TMPDIR}/relay.key -out ${TMPDIR}/relay.crt`,
    `  cat ${TMPDIR}/relay.crt ${TMPDIR}/relay.key > ${CERTIFICATE}`,
    '}',
  ];
}

/** A process that hands the connections to a server of the trace out to several of the script. */
export function relayLines(course: Course, harbours: readonly Harbour[]): string[] {
  const relays = harbours.filter(({ relay }) => relay !== null);
  if (relays.length === 0) return [];
  return [
    '# Each connection of h1 reaches a server of its own: the first one s1, the next one s2.',
    'haproxy h2 -conf {',
    ...section('global', ['nbthread 1']),
    ...section('defaults', ['mode tcp', ...timeoutLines(course)]),
    ...relays.flatMap(({ relay, servers, tls, isProxied }) =>
      section(`listen ${relay}`, [
        [
          `bind "fd@\${${relay}}"`,
          ...(isProxied ? ['accept-proxy'] : []),
          ...(tls === null ? [] : [`ssl crt ${CERTIFICATE} alpn ${tls}`]),
        ].join(' '),
        'balance roundrobin',
        ...servers.map(({ name }) => `server ${name} \${${name}_addr}:\${${name}_port}`),
      ]),
    ),
    '} -start',
  ];
}
