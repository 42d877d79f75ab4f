// Writes what backs the rules of each rule set, from the recordings beside the project:
//
//   npm run evidence                  every set
//   npm run evidence -- 2.3.0         these sets
//   npm run evidence -- --check       writes nothing: fails where a file is not as it would be
//   npm run evidence -- --into DIR    writes the files elsewhere
//   npm run evidence -- --from PATH   takes the recordings of a folder or an archive instead
//
// A file a set, src/evidence/sets/2.3.0.json: in how many recordings of that tree each of its rules
// has decided something, and how many would come out otherwise without each of the changes that led
// to it. A tree without recordings has a file as well, full of zeros.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { changesTold, rulesDecided, setsNamed } from './backing.js';
import { BESIDE, readWhole, recordingsIn } from './beside.js';

const FOLDER = fileURLToPath(new URL('../../src/evidence/sets', import.meta.url));

const { values, positionals } = parseArgs({
  options: {
    check: { type: 'boolean', default: false },
    into: { type: 'string', default: FOLDER },
    from: { type: 'string', multiple: true, default: BESIDE },
  },
  allowPositionals: true,
});

const found = recordingsIn(values.from);
if (found.size === 0) throw new Error(`no recordings in ${values.from.join(', ')}`);

for (const set of setsNamed(positionals)) {
  const path = join(values.into, `${set.id}.json`);
  const before = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const traces = (found.get(set.id) ?? []).map(({ path }) => readWhole(path));
  if (traces.length === 0 && before !== '' && JSON.parse(before).recordings > 0) {
    console.error(`${set.id}: no recordings are here, those of its file are left as they are`);
    continue;
  }
  const changes = changesTold(set, traces);
  const evidence = { recordings: traces.length, changes, rules: rulesDecided(set, traces) };
  const text = `${JSON.stringify(evidence, null, 2)}\n`;
  if (text === before) continue;
  if (values.check) {
    console.error(`${path} is not current: npm run evidence -- ${set.id}`);
    process.exitCode = 1;
  } else {
    writeFileSync(path, text);
    console.log(path);
  }
}
