import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { codeBelow, crowdedFolders, longFiles, wrongWays } from './house.js';
import { ROOMS } from './rooms.js';

/** Two rooms on a ground floor, a third one with a room inside. */
const THREE = {
  ground: [],
  other: [],
  'upper/inner': ['ground'],
  upper: ['other'],
};
/** Files that use all of it, and nothing else. */
const FILES = {
  'src/ground/a.ts': '',
  'src/ground/deep/below.ts': "import type { a } from '../a.ts';\n",
  'src/other/b.ts': "import { readFile } from 'node:fs';\n",
  'src/upper/inner/c.ts': "import {\n  a,\n} from '../../ground/a.ts';\n",
  'src/upper/d.ts': "export { c } from './inner/c.ts';\nconst b = import('../other/b.ts');\n",
};

function wrong(files: Record<string, string>, rooms: Record<string, readonly string[]> = THREE) {
  const all = { ...FILES, ...files };
  return wrongWays(
    Object.entries(all).map(([path, text]) => ({ path, text })),
    'src',
    rooms,
  );
}

describe('the ways between rooms', () => {
  it('are right where every import is declared, and every declaration used', () => {
    expect(wrong({})).toEqual([]);
  });

  it.each([
    ['a type', "import type { d } from '../upper/d.ts';\n"],
    ['a value on several lines', "import {\n  d,\n  e,\n} from '../upper/d.ts';\n"],
    ['what is handed on', "export * from '../upper/d.ts';\n"],
    ['what is loaded later', "const d = await import('../upper/d.ts');\n"],
    ['what is only run', "import '../upper/d.ts';\n"],
  ])('are wrong where something else is imported: %s', (_, text) => {
    expect(wrong({ 'src/ground/e.ts': text })).toEqual([
      'src/ground/e.ts: ground may not import src/upper/d.ts',
    ]);
  });

  it('lead from a room into what it holds, and not back', () => {
    expect(wrong({ 'src/upper/inner/e.ts': "import { d } from '../d.ts';\n" })).toEqual([
      'src/upper/inner/e.ts: upper/inner may not import src/upper/d.ts',
    ]);
  });

  it('do not open by way of the room around', () => {
    expect(wrong({ 'src/upper/inner/e.ts': "import { b } from '../../other/b.ts';\n" })).toEqual([
      'src/upper/inner/e.ts: upper/inner may not import src/other/b.ts',
    ]);
  });

  it('are asked of every folder', () => {
    expect(wrong({ 'src/new/f.ts': '' })).toEqual(['src/new/f.ts: in no room']);
    expect(wrong({ 'src/upperside/f.ts': '' })).toEqual(['src/upperside/f.ts: in no room']);
    expect(wrong({ 'src/main.ts': '' })).toEqual(['src/main.ts: in no room']);
  });

  it('are declared only where they are used', () => {
    expect(wrong({}, { ...THREE, empty: [], upper: ['ground', 'other'] })).toEqual([
      'upper may import ground, and never does',
      'empty: a room without a file',
    ]);
  });

  it('never lead up the list', () => {
    const rooms = { ...THREE, ground: ['upper'], other: ['attic'] };
    expect(wrong({ 'src/ground/e.ts': "import { d } from '../upper/d.ts';\n" }, rooms)).toEqual([
      'ground may import upper/inner, which does not stand above it',
      'ground may import upper, which does not stand above it',
      'other may import attic, which is no room',
      'other may import attic, and never does',
    ]);
  });
});

describe('the size', () => {
  const files = (count: number) =>
    Array.from({ length: count }, (_, at) => ({ path: `src/a/${at}.ts`, text: '' }));

  it('of a folder is 15 files besides its index', () => {
    const index = { path: 'src/a/index.ts', text: '' };
    expect(crowdedFolders([index, ...files(15)])).toEqual([]);
    expect(crowdedFolders(files(16))).toEqual(['src/a: 16 files, 15 at most besides its index']);
  });

  it('of a file is 350 lines', () => {
    expect(longFiles([{ path: 'a.ts', text: 'x\n'.repeat(350) }])).toEqual([]);
    expect(longFiles([{ path: 'a.ts', text: 'x\n'.repeat(351) }])).toEqual([
      'a.ts: 351 lines, 350 at most',
    ]);
  });
});

describe('the check', () => {
  const folder = mkdtempSync(join(tmpdir(), 'replay-house-'));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };

  it('sees the code of this repository', () => {
    const paths = codeBelow('src').map(({ path }) => path);
    expect(paths).toContain('src/cli/main.ts');
    expect(paths).toContain('src/engine/functions/server.ts');
  });

  it('fails where the engine imports the command line, and names both', () => {
    write('src/engine/step/step.ts', "import { main } from '../../cli/main.ts';\n");
    write('test/long.ts', 'x\n'.repeat(351));
    const run = spawnSync(process.execPath, [resolve('test/house/check.js')], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect(run.status).toBe(1);
    expect(run.stderr).toContain(
      'src/engine/step/step.ts: engine/step may not import src/cli/main.ts\n',
    );
    expect(run.stderr).toContain('test/long.ts: 351 lines, 350 at most\n');
  });

  it('has a linter that finds circles of types, except among the structures of the engine', () => {
    write('.biome.json', readFileSync('.biome.json', 'utf8'));
    for (const room of ['engine/objects', 'trace']) {
      write(`src/${room}/a.ts`, "import type { B } from './b.ts';\n\nexport type A = B[];\n");
      write(`src/${room}/b.ts`, "import type { A } from './a.ts';\n\nexport type B = A[];\n");
    }
    const biome = resolve('node_modules/.bin/biome');
    const args = ['lint', '--vcs-enabled=false', '--reporter=github'];
    const run = spawnSync(biome, args, { cwd: folder, encoding: 'utf8' });
    expect(run.status).toBe(1);
    const lines = run.stdout.split('\n').filter((line) => line.includes('noImportCycles'));
    expect(lines.map((line) => /file=[^,]*(src[^,]+)/.exec(line)?.[1])).toEqual([
      'src/trace/a.ts',
      'src/trace/b.ts',
    ]);
  });

  it('declares that the engine imports nothing but the format and the fields of the state', () => {
    const engine = Object.keys(ROOMS).filter((room) => /^engine\b/.test(room));
    const ways = engine.flatMap((room) => ROOMS[room] ?? []);
    expect(ways.filter((way) => !/^(engine\/|format$|state$)/.test(way))).toEqual([]);
  });
});
