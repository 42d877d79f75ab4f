/**
 * Values that messages show, by the key that they belong to: of several the first that fits. What
 * has none gets the smallest value that its schema allows.
 */
export const SPECIMENS: Readonly<Record<string, readonly unknown[]>> = {
  // The header.
  title: ['what the trace shows'],
  rules: ['08016ab82'],
  // Of a header as well as of an event.
  source: [{}],
  config: [{ frontends: { fe: {} }, backends: { b: {} }, servers: { 'b/srv': {} } }],
  frontends: [{ fe: {} }],
  backends: [{ b: {} }],
  servers: [{ 'b/srv': {} }],
  alpn: ['h2,http/1.1'],
  'retry-on': [['conn-failure']],
  nbthread: [2],
  'max-session-srv-conns': [5],
  'pool-purge-delay': [5000],

  // Events.
  sess: ['s1', { s1: { idle_conns: 0 } }],
  strm: ['t1'],
  conn: ['c1', { c1: { owner: 's1' } }],
  fe: ['fe'],
  be: ['b'],
  srv: ['b/srv', { 'b/srv': { idle: ['c1'] } }],
  target: ['b/srv'],
  at: [12],
  thread: [0],
  note: ['what happens'],
  unusable: [['b/srv']],
  // Of an event; of a world, for any of its requests.
  params: ['k1', ['k1']],
  busy: [[1]],
  victims: [['c1']],
  status: [401],
  headers: [{ 'WWW-Authenticate': ['NTLM'] }],
  reason: ['timeout'],
  expect: [{ calls: ['conn_free(c1)'] }],

  // Expectations.
  // Of an expectation, of a header.
  calls: [['session_add_conn(s1, c1) = 1'], ['session_get_conn']],
  crash: ['session_check_idle_conn'],
  abort: ['h2_io_cb'],
  owner: ['s1'],
  listed_in: ['s1'],
  flags: [['PRIVATE']],
  idle: [['c1'], true],
  safe: [['c1']],
  available: [['c1']],
  age: [['c1']],
  srv_list: [[['b/srv', ['c1']]]],

  // Worlds.
  sometimes: [['session.add.insert']],
  checks: ['checks'],
  used_fds: [[0, 100], 0],
};
