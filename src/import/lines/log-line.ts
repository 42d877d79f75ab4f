/** How a log line of this layout begins; `1` is the version of the layout. */
export const LOG_MARK = 'replay1 th=';

/** What a log line says of a stream that has ended. Texts are as HAProxy writes them. */
export interface LogLine {
  readonly thread: number;
  /** The last field of the unique id: the process, in hexadecimal digits. */
  readonly pid: string | null;
  /** The client's address, one for each front connection. */
  readonly client: string | null;
  readonly frontend: string | null;
  readonly backend: string | null;
  /** `backend/server`; null where no server was reached. */
  readonly target: string | null;
  /** The local address of the back connection: the same for as long as that lives. */
  readonly local: string | null;
  readonly status: number | null;
  /** The two letters of how it ended. */
  readonly ended: string;
  readonly retries: number;
  /** The last attempt went to another server than those before. */
  readonly isRedispatched: boolean;
  /** The response had a challenge that binds a connection to its client. */
  readonly challenged: boolean;
  readonly request: string | null;
}

const PAIR = /([A-Za-z]+)=("(?:[^"\\]|\\.)*"|\S*)/g;

/** An address with its port, unless there is none. */
function address(value: string | undefined): string | null {
  return value === undefined || value === '' || value.startsWith('-') || /:(?:0|-)$/.test(value)
    ? null
    : value;
}

function name(value: string | undefined): string | null {
  return value === undefined || value === '' || value === '-' || value.startsWith('<')
    ? null
    : value;
}

/** What a text from `LOG_MARK` on says; null where it is cut too short to say anything. */
export function readLogLine(text: string): LogLine | null {
  const values = new Map<string, string>();
  for (const [, key = '', value = ''] of text.matchAll(PAIR)) {
    if (!values.has(key)) values.set(key, value);
  }
  const thread = Number(values.get('th'));
  // `rq` stands last: without its closing quote the line was cut, and so may any of its values be.
  const request = values.get('rq');
  if (!Number.isInteger(thread) || (request !== undefined && !/^".*"$/s.test(request))) return null;
  const backend = name(values.get('be'));
  const server = name(values.get('sv'));
  const status = Number(values.get('st'));
  return {
    thread,
    pid: /:([0-9A-F]+)$/.exec(values.get('id') ?? '')?.[1] ?? null,
    client: address(values.get('ci')),
    frontend: name(values.get('fe'))?.replace(/~$/, '') ?? null,
    backend,
    target: backend === null || server === null ? null : `${backend}/${server}`,
    local: address(values.get('bi')),
    status: Number.isInteger(status) && status >= 100 && status <= 999 ? status : null,
    ended: values.get('ts') ?? '--',
    retries: Number.parseInt((values.get('rc') ?? '0').replace(/^\+/, ''), 10) || 0,
    isRedispatched: values.get('rc')?.startsWith('+') ?? false,
    challenged: values.get('auth') === 'yes',
    request: request === undefined ? null : request.slice(1, -1).replace(/\\(.)/g, '$1'),
  };
}
