// The rooms of src, from the ground up: a room imports only what it names here, and what it names
// stands above it in this list. A name stands for that folder and all below it. A folder without a
// line of its own belongs to the one that holds it; what a room holds it may import unsaid.
// `npm run lint` checks it all, see check.js.

/** @type {Readonly<Record<string, readonly string[]>>} */
export const ROOMS = {
  // What there is: every field of the state, and what a line of a trace says.
  state: [],
  format: ['state'],

  // From bytes to events.
  'trace/text': [],
  'trace/calls': ['format', 'trace/text'],
  'trace/check': ['format', 'trace/text', 'trace/calls'],
  'trace/bytes': ['format', 'trace/check'],
  trace: ['format'],

  // The model of HAProxy: knows nothing of reading, telling or the command line.
  'engine/rule-sets/choices': [],
  'engine/objects': ['state', 'format', 'engine/rule-sets/choices'],
  'engine/view': ['state', 'format', 'engine/objects'],
  'engine/adopt': ['state', 'format', 'engine/objects', 'engine/view'],
  'engine/functions': ['state', 'format', 'engine/objects'],
  'engine/mechanisms': ['engine/objects', 'engine/functions'],
  'engine/rule-sets': ['engine/objects', 'engine/mechanisms'],
  'engine/step': ['format', 'engine/objects', 'engine/functions'],
  'engine/invariants': ['format', 'engine/rule-sets', 'engine/objects', 'engine/view'],
  engine: [],

  // What is known of HAProxy's history besides its rules: bugs, and what branches took over.
  history: ['engine'],
  // What backs the rules: recordings of the real program, by tree.
  evidence: ['engine/rule-sets'],

  // Events through the model, held against what is expected, or against another rule set.
  replay: ['format', 'trace/check', 'trace/text', 'engine', 'history', 'evidence'],
  compare: ['state', 'format', 'engine', 'replay'],

  // Who held which connection when, laid out as data for whatever draws it.
  picture: ['state', 'format', 'engine/view', 'replay'],

  // What works on whole traces and worlds.
  search: [],
  'explore/state': ['state', 'format', 'engine'],
  'explore/moves': ['format', 'engine', 'explore/state'],
  explore: ['format', 'trace', 'engine', 'history', 'replay', 'compare', 'search'],
  'minimize/names': ['format', 'trace/calls'],
  'minimize/goal': ['format', 'trace', 'engine', 'replay', 'minimize/names'],
  'minimize/passes': ['format', 'trace/check', 'engine/objects', 'minimize/goal', 'minimize/names'],
  minimize: ['format', 'trace', 'engine/invariants', 'replay'],
  update: ['format', 'trace', 'replay'],

  // What a stock HAProxy prints, to a trace.
  'import/lines': [],
  'import/config': ['format', 'import/lines'],
  'import/story': ['format', 'import/lines'],
  'import/trace': ['format', 'trace', 'import/config', 'import/story'],
  import: ['format', 'trace'],

  // What came of it: as data, in words, in every format.
  'report/data': ['format', 'trace/text', 'replay'],
  'report/text': ['format', 'trace/text', 'engine/view', 'replay'],
  'report/parts': [
    'state',
    'format',
    'trace/text',
    'engine',
    'replay',
    'compare',
    'report/data',
    'report/text',
  ],
  'report/formats': [
    'format',
    'trace/text',
    'engine/view',
    'replay',
    'report/data',
    'report/text',
    'report/parts',
  ],
  report: [],
  schema: ['format', 'report/data'],

  // The command line: what commands share, then the commands, which share nothing else.
  'cli/outcome': ['trace/text', 'report/data'],
  'cli/streams': ['trace/text', 'report/text', 'cli/outcome'],
  'cli/files': ['trace/text', 'cli/outcome', 'cli/streams'],
  'cli/jobs': ['report/text', 'cli/streams'],
  'cli/traces': ['format', 'trace', 'cli/files', 'cli/outcome', 'cli/streams'],
  'cli/reports': ['trace/text', 'replay', 'report', 'cli/outcome', 'cli/streams', 'cli/files'],
  'cli/arguments': [
    'format',
    'trace/text',
    'engine',
    'history',
    'replay',
    'report',
    'cli/outcome',
    'cli/streams',
  ],
  'cli/commands/update': [
    'trace',
    'update',
    'report/text',
    'cli/files',
    'cli/outcome',
    'cli/streams',
  ],
  'cli/commands/replay': [
    'format',
    'trace',
    'replay',
    'report',
    'cli/arguments',
    'cli/outcome',
    'cli/streams',
    'cli/files',
    'cli/jobs',
    'cli/reports',
    'cli/commands/update',
  ],
  'cli/commands/compare': [
    'format',
    'trace',
    'engine',
    'compare',
    'report',
    'cli/arguments',
    'cli/outcome',
    'cli/streams',
    'cli/files',
    'cli/traces',
  ],
  'cli/commands/explore': [
    'format',
    'trace/text',
    'engine',
    'compare',
    'search',
    'explore',
    'report',
    'cli/arguments',
    'cli/outcome',
    'cli/streams',
    'cli/files',
    'cli/jobs',
  ],
  'cli/commands/minimize': [
    'trace',
    'engine',
    'minimize',
    'report/text',
    'cli/arguments',
    'cli/outcome',
    'cli/streams',
    'cli/files',
  ],
  'cli/commands/merge': [
    'report/data',
    'cli/arguments',
    'cli/outcome',
    'cli/streams',
    'cli/files',
    'cli/reports',
  ],
  'cli/commands/capture-recipe': [
    'import',
    'report/text',
    'trace/text',
    'cli/arguments',
    'cli/outcome',
    'cli/streams',
  ],
  'cli/commands/import': [
    'engine',
    'history',
    'import',
    'replay',
    'trace',
    'report/text',
    'cli/arguments',
    'cli/outcome',
    'cli/streams',
    'cli/files',
  ],
  'cli/commands/rules': [
    'engine',
    'history',
    'evidence',
    'report',
    'cli/arguments',
    'cli/outcome',
    'cli/streams',
  ],
  'cli/commands/invariants': [
    'engine/invariants',
    'engine/rule-sets',
    'history',
    'report',
    'cli/arguments',
    'cli/outcome',
    'cli/streams',
  ],
  'cli/commands/which': [
    'engine',
    'compare',
    'report',
    'trace/text',
    'cli/arguments',
    'cli/outcome',
    'cli/streams',
    'cli/files',
    'cli/traces',
  ],
  'cli/commands/schema': ['schema', 'cli/outcome', 'cli/streams', 'cli/arguments'],
  'cli/commands': ['cli/arguments', 'cli/streams'],
  cli: ['trace/text', 'report/text'],

  // What a program can import.
  '.': ['format', 'trace', 'engine', 'replay', 'compare'],
};
