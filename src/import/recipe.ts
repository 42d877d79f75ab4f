/*
 * How a capture is made that can be imported: what is added to haproxy.cfg, and the runtime commands
 * that switch the traces on and off. The log line's layout is what lines/log-line.ts reads.
 */

/** What is captured: traces and log lines, or log lines alone. */
export const RECIPE_LEVELS = ['full', 'light'] as const;
/** One of them. */
export type RecipeLevel = (typeof RECIPE_LEVELS)[number];

/** What is asked for. */
export interface RecipeOptions {
  /** Major and minor number; null for any version. */
  readonly version: readonly [major: number, minor: number] | null;
  readonly level: RecipeLevel;
}

/** Where the runtime commands go. */
export const SOCKET = '/run/haproxy/admin.sock';

const LOG_FORMAT =
  'replay1 th=%[thread] id=%ID ci=%ci:%cp fe=%f be=%b sv=%s bi=%bi:%bp si=%si:%sp st=%ST ts=%ts ' +
  'rc=%rc acc=%Ts.%ms TR=%TR Tw=%Tw Tc=%Tc Tr=%Tr Ta=%Ta auth=%[var(txn.replay_auth)] rq=%{+Q}r';

/** The events of each source that are captured. */
const EVENTS = {
  h1: 'h1c_new h1c_wake h1c_end h1c_err h1s_end strm_new strm_end strm_recv rx_headers',
  h2: 'h2c_new h2c_end h2c_err h2c_wake h2s_new strm_new strm_end strm_recv rx_hdr tx_hdr rx_goaway',
  fcgi: 'fconn_new fconn_end fconn_err fconn_wake fstrm_new strm_new strm_end strm_recv rsp_headers',
} as const;

type Source = keyof typeof EVENTS;
const SOURCES = Object.keys(EVENTS) as Source[];

/** Whether a release is that old or older. */
function isBefore(version: RecipeOptions['version'], major: number, minor: number): boolean {
  return version !== null && (version[0] < major || (version[0] === major && version[1] < minor));
}

/** Source `check` is known from 2.6 on. */
function hasChecks(version: RecipeOptions['version']): boolean {
  return !isBefore(version, 2, 6);
}

function challengeRule(status: 401 | 407, header: string): string {
  const scheme = `res.hdr(${header}) -m beg -i ntlm nego`;
  return `http-response set-var(txn.replay_auth) str(yes) if { status ${status} } { ${scheme} }`;
}

/** What is added to haproxy.cfg, line by line. */
export function recipeConfig({ level }: RecipeOptions): string[] {
  return [
    'global',
    ...(level === 'full' ? [`    stats socket ${SOCKET} level admin`] : []),
    '    log stdout format raw local0',
    'defaults',
    '    log global',
    '    unique-id-format %{+X}o%ci:%cp_%fi:%fp_%Ts_%rt:%pid',
    `    log-format "${LOG_FORMAT}"`,
    '# in each backend:',
    `    ${challengeRule(401, 'www-authenticate')}`,
    `    ${challengeRule(407, 'proxy-authenticate')}`,
  ];
}

function commandsOf(source: string, events: readonly string[]): string[] {
  return [
    `trace ${source} sink stdout`,
    `trace ${source} level developer`,
    `trace ${source} verbosity simple`,
    ...(events.length === 0 ? [] : [`trace ${source} event none`]),
    ...events.map((event) => `trace ${source} event +${event}`),
    `trace ${source} start now`,
  ];
}

/** The runtime commands that switch the traces on, one setting each. */
export function recipeCommands({ version, level }: RecipeOptions): string[] {
  if (level === 'light') return [];
  const commands = SOURCES.flatMap((source) => commandsOf(source, EVENTS[source].split(' ')));
  return hasChecks(version) ? [...commands, ...commandsOf('check', [])] : commands;
}

/** The runtime commands that switch the traces off. */
export function recipeStop({ version, level }: RecipeOptions): string[] {
  if (level === 'light') return [];
  const sources = hasChecks(version) ? [...SOURCES, 'check'] : SOURCES;
  return sources.map((source) => `trace ${source} stop now`);
}

/** A part of a recipe: what it is for, in sentences, and the lines to be copied. */
export interface RecipePart {
  readonly says: readonly string[];
  readonly lines: readonly string[];
}

const CONFIG_SAYS = [
  '1. Add to haproxy.cfg, and reload. The log goes where the traces go, so that both have one order; traces need no reload later.',
  'The log-format: one line a request, about 250 bytes: client, frontend, server, both addresses of the connection to the server, status, times, and the request line with its query. Leave no stream out that reached a server (no dontlognull, no logasap).',
  'The two http-response rules: that an answer asks for NTLM or Negotiate, and nothing of what it says.',
];

function costSays({ version }: RecipeOptions): string[] {
  const isBare = isBefore(version, 2, 6);
  return [
    '2. Switch the traces on: each line is one command to the admin socket; an empty line answers what is accepted, anything else is an event that this version lacks: go on.',
    'Cost: about 60 lines and 8 kB a request (1 GB: 120,000 requests; gzip makes 50 MB of it). strm_recv is most of it, and the only link between both sides of a stream; h1c_wake and h2c_wake show I/O on idle connections.',
    'Disclosed: request lines with their queries, status lines, names, addresses. No header: verbosity advanced would print them all, cookies and credentials too.',
    ...(isBare
      ? [
          'This version prints neither flags of connections nor server names: the log line has those.',
        ]
      : []),
    'replay capture-recipe --only start prints them alone; --help says how to send them.',
  ];
}

const STOP_SAYS = ['3. Switch them off.'];

const HOURS_SAYS = [
  '4. For hours: HAProxy does not wait for whoever reads. What a reader is too slow for is lost, and where it was lost a line says "N events dropped"; show trace h1 counts what is not yet announced. The import names each such gap. So write to a fast disk and rotate there:',
];
const HOURS_LINES = [
  "haproxy -db -f haproxy.cfg | split -C 500M -d -a 4 --filter='gzip > $FILE.gz' - capture.",
];
const RING_SAYS = [
  'A ring keeps the last minutes in memory and loses the oldest; read it after the event. The traces go there with "sink replay" in place of "sink stdout", the log lines with "log ring@replay format raw local0":',
];
const RING_LINES = ['ring replay', '    format raw', '    maxlen 2048', '    size 268435456'];

const IMPORT_SAYS = ['5. Make a trace of it, and judge it:'];

/** The parts of a recipe, in their order. */
export function recipeParts(options: RecipeOptions): RecipePart[] {
  const isFull = options.level === 'full';
  return [
    { says: CONFIG_SAYS, lines: recipeConfig(options) },
    ...(isFull
      ? [
          { says: costSays(options), lines: recipeCommands(options) },
          { says: STOP_SAYS, lines: recipeStop(options) },
          { says: HOURS_SAYS, lines: HOURS_LINES },
          { says: RING_SAYS, lines: RING_LINES },
        ]
      : []),
    {
      says: isFull
        ? IMPORT_SAYS
        : [
            '2. Nothing else: log lines say which stream used which connection, and what was answered. When a connection was idle, who else looked for one and what the flags were is not in them; requests that overlapped look as if one came after the other.',
            '3. Make a trace of it, and judge it:',
          ],
      lines: ['replay import capture.* --config haproxy.cfg | replay -'],
    },
  ];
}
