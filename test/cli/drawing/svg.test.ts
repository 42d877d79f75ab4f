import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseXml, type XmlElement } from '../../report/formats/xml.ts';
import {
  AGREEING,
  DIVERGING,
  header,
  inFolder,
  longTrace,
  REPLAY,
  replay,
  replayIn,
  runProgram,
  trace,
} from '../run.ts';

const BUGS = 'traces/bugs';

/** What is drawn, to standard output. */
async function drawn(text: string, ...options: readonly string[]): Promise<XmlElement> {
  const args = ['--reporter', 'svg', ...options, 'a.jsonl'];
  const { stdout } = await replayIn({ 'a.jsonl': text }, args);
  return parseXml(stdout);
}

async function drawnFrom(path: string, ...options: readonly string[]): Promise<XmlElement> {
  return parseXml((await replay(['--reporter', 'svg', ...options, path])).stdout);
}

function all(element: XmlElement): XmlElement[] {
  return [element, ...element.children.flatMap(all)];
}

function textOf(element: XmlElement): string {
  // The parser keeps the text of an element apart from that of what is in it.
  return element.text + element.children.map(textOf).join('');
}

function texts(svg: XmlElement): string[] {
  return svg.children.filter(({ name }) => name === 'text').map(textOf);
}

/** Lanes as `class: data`, in the order in which they are drawn. */
function paths(svg: XmlElement, kind: string): string[] {
  return svg.children
    .filter(
      ({ name, attributes }) => name === 'path' && attributes.get('class')?.split(' ')[0] === kind,
    )
    .map(({ attributes }) => `${attributes.get('class')}: ${attributes.get('d')}`);
}

describe('--reporter svg', () => {
  test('draws the lanes of a trace beside its steps', async () => {
    const svg = await drawnFrom(`${BUGS}/b8-owner-dangles-in-the-pool.after.jsonl`);
    expect({
      sessions: paths(svg, 'session'),
      links: paths(svg, 'link'),
      connecting: paths(svg, 'connecting').slice(1),
      used: paths(svg, 'use').slice(2),
      listed: paths(svg, 'list'),
      ends: paths(svg, 'end'),
    }).toMatchInlineSnapshot(`
      {
        "connecting": [
          "connecting o0: M76 221V241",
        ],
        "ends": [
          "end o0: M16 297L24 305M24 297L16 305",
        ],
        "links": [
          "link o0: M25 221H76",
          "link o1: M49 341H76",
        ],
        "listed": [
          "list o0: M76 241V301",
          "list bad: M76 301V341",
          "list bad: M76 381V431",
        ],
        "sessions": [
          "session o0: M20 189V301",
          "session o1: M44 209V431",
        ],
        "used": [
          "use bad: M76 341V381",
        ],
      }
    `);
  });

  test('tells the steps as text', async () => {
    const svg = await drawnFrom(`${BUGS}/b1-retry-after-a-failed-listing-h2.after.jsonl`);
    expect(texts(svg).some((text) => text.includes('crash in'))).toBe(true);
    expect(svg.children.filter(({ attributes }) => attributes.get('class') === 'bad')).toHaveLength(
      1,
    );
  });

  test('says what it is to whoever does not see it', async () => {
    const svg = await drawnFrom(`${BUGS}/b1-retry-after-a-failed-listing-h2.after.jsonl`);
    const [title, description] = svg.children;
    expect(svg.attributes.get('role')).toBe('img');
    expect(svg.attributes.get('aria-labelledby')).toBe('title description');
    expect(title).toMatchObject({
      name: 'title',
      text: 'B1, H2: two listings fail, the connection loses its owner, and the last stream’s idle check gets a NULL session',
    });
    expect(description?.text).toBe(
      'Steps from top to bottom, 7 steps, beside lanes of 1 session and 1 connection. ' +
        'A crash in session_check_idle_conn at step 7. 1 step with a finding: 6.',
    );
  });

  test('has neither a script nor anything from elsewhere, and one structure, light or dark', async () => {
    const svg = await drawnFrom('traces/threads/purge.jsonl');
    const elements = all(svg);
    const names = new Set(elements.map(({ name }) => name));
    expect([...names].sort()).toEqual([
      'desc',
      'path',
      'rect',
      'style',
      'svg',
      'text',
      'title',
      'tspan',
    ]);
    for (const { attributes } of elements) {
      for (const [key, value] of attributes) {
        expect(key).not.toMatch(/^on|href|style/);
        if (key !== 'xmlns') expect(value).not.toMatch(/url\(|:\/\//);
      }
    }
    const style = elements.find(({ name }) => name === 'style')?.text ?? '';
    expect(style).toContain('@media (prefers-color-scheme:dark){svg{');
    expect(style).not.toMatch(/url|import|display|visibility/);
  });

  test('fits 80 columns, or as many as were asked for', async () => {
    const widthOf = (svg: XmlElement): number => Number(svg.attributes.get('width'));
    const path = 'traces/threads/purge.jsonl';
    expect(widthOf(await drawnFrom(path))).toBe(80 * 8 + 32);
    const wide = await drawnFrom(path, '--width', '120');
    expect(widthOf(wide)).toBe(120 * 8 + 32);
    const narrow = await drawnFrom(path, '--width', '50');
    const columns = narrow.children
      .filter(({ name }) => name === 'text')
      .map((element) => {
        return Number(element.attributes.get('x')) - 16 + textOf(element).length * 8;
      });
    expect(Math.max(...columns)).toBeLessThanOrEqual(50 * 8);
  });

  test('draws a range, and what was there before it', async () => {
    const svg = await drawn(longTrace(3), '--range', '4-5');
    expect(texts(svg).filter((text) => /^ *\d+ {2}/.test(text))).toHaveLength(2);
    expect(paths(svg, 'session')).toHaveLength(1);
  });

  test('draws what diverges', async () => {
    const svg = await drawn(DIVERGING);
    const said = texts(svg).filter((text) => text.startsWith('✗'));
    expect(said[0]).toBe('✗ conn.c1.owner  null expected, s1 here, by connect.new.owned');
  });

  test('escapes whatever stands in ids', async () => {
    const id = `</script><script>alert("1")</script>&'\u202e\u0000\u{1b}[31m\ufffe`;
    const svg = await drawn(
      trace(
        { event: 'session_new', sess: id, fe: 'fe' },
        { event: 'connect_server', strm: 'n'.repeat(10_000), sess: id, target: 'b/srv', conn: id },
      ),
    );
    expect(all(svg).some(({ name }) => name === 'script')).toBe(false);
    const said = texts(svg).join('');
    expect(said).toContain('</script><script>alert(');
    for (const raw of ['\u202e', '\u0000', '\u001b', '\ufffe']) expect(said).not.toContain(raw);
    expect(said.match(/n/g)?.length).toBeGreaterThanOrEqual(10_000);
  });

  test('of a trace that is invalid half-way draws what was read, and why it ends', async () => {
    const svg = await drawn(`${AGREEING}{"event":"detach"\n`);
    expect(texts(svg).at(-1)).toMatch(/not read on: line 5: /);
    expect(svg.children[1]?.text).toMatch(/Not read on: /);
  });

  test('of an empty trace, of none and of a missing one is a drawing all the same', async () => {
    expect(texts(await drawn(header())).join()).toContain(
      'not read on: line 1: the trace has no events',
    );
    expect(texts(await drawn('x\n')).join()).toContain('not read on: line 1: ');
    const { stdout, code } = await replay(['--reporter', 'svg', 'missing.jsonl']);
    expect(code).toBe(2);
    expect(texts(parseXml(stdout))).toEqual(['no trace could be read']);
  });

  test('of one lane and many streams is a line for each time', async () => {
    const svg = await drawn(longTrace(500));
    expect(paths(svg, 'link')).toHaveLength(500);
    expect(paths(svg, 'session')).toHaveLength(1);
  });

  test('is an error for many traces, and for a report', async () => {
    const files = { 'a.jsonl': AGREEING, 'b.jsonl': AGREEING };
    const two = await replayIn(files, ['--reporter', 'svg', 'a.jsonl', 'b.jsonl']);
    expect(two).toEqual({
      code: 2,
      stdout: '',
      stderr: 'replay: the reporter svg draws one trace, and there are 2\n',
    });
    const merged = await replay(['merge', '--reporter', 'svg', 'x.json']);
    expect(merged).toMatchObject({ code: 2, stderr: expect.stringContaining('draws one trace') });
  });

  test.each(['39', '1001', '80x'])('is not drawn %s columns wide', async (width) => {
    const { code, stderr } = await replay(['--width', width, 'traces/threads/purge.jsonl']);
    expect({ code, stderr }).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Columns from 40 to 1000 are allowed.'),
    });
  });
});

describe.runIf(process.platform === 'linux')('a file of a drawing', () => {
  test('on a disk that is full is an error', async () => {
    const args = ['-q', '--reporter', 'svg=/dev/full', 'traces/threads/purge.jsonl'];
    expect(await replay(args)).toMatchObject({
      code: 2,
      stderr: '/dev/full: the report svg cannot be written: no space left on the device (ENOSPC)\n',
    });
  });

  test('is whole or what it was before', () =>
    inFolder(async (cwd) => {
      writeFileSync(join(cwd, 'a.jsonl'), longTrace(500));
      writeFileSync(join(cwd, 'a.svg'), 'before');
      const limited = 'ulimit -f 8; exec "$0" "$1" -q --reporter svg=a.svg a.jsonl';
      const { code, stderr } = await runProgram('sh', ['-c', limited, process.execPath, REPLAY], {
        cwd,
      });
      expect({ code, stderr }).toEqual({
        code: 2,
        stderr: 'a.svg: the report svg cannot be written: failed with EFBIG\n',
      });
      expect(readFileSync(join(cwd, 'a.svg'), 'utf8')).toBe('before');
      expect(readdirSync(cwd).sort()).toEqual(['a.jsonl', 'a.svg']);
      expect(existsSync(join(cwd, 'a.jsonl'))).toBe(true);
    }));
});
