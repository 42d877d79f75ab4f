import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import axe from 'axe-core';
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { replay } from '../cli/run.ts';

/** Where Debian and others put it. */
const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** The browser of this machine; null where there is none. */
const BROWSER = process.env.CHROMIUM ?? PLACES.find((path) => existsSync(path)) ?? null;

let running: Promise<Browser> | null = null;
let usual: Promise<BrowserContext> | null = null;

/** Pages of a test, each with what it complained of. */
export interface Opened {
  readonly page: Page;
  /** Errors of scripts, violations of the policy, requests to anywhere. */
  readonly complaints: readonly string[];
}

/**
 * Tests in a real browser: one for all of a file. Without one they are skipped, and a line says so; in
 * CI that is a failure.
 */
export function describeInBrowser(name: string, tests: () => void): void {
  if (BROWSER === null) {
    test.runIf(process.env.CI !== undefined)(`${name}: there is a browser`, () => {
      expect.fail('no browser is installed, and CI must not skip what needs one');
    });
    describe.skip(`${name} (skipped: no chromium is installed)`, tests);
    return;
  }
  describe(name, () => {
    beforeAll(() => {
      running = chromium.launch({ executablePath: BROWSER, args: ['--no-sandbox'] });
      return running.then(() => {});
    });
    afterAll(async () => {
      await (await running)?.close();
      running = null;
      usual = null;
    });
    tests();
  });
}

async function newContext(options: BrowserContextOptions): Promise<BrowserContext> {
  if (running === null) throw new Error('no browser is running');
  const viewport = { width: 1280, height: 800 };
  return (await running).newContext({ viewport, ...options });
}

/** Most pages share a context, which takes longer to make than a page. */
function usualContext(): Promise<BrowserContext> {
  usual ??= newContext({});
  return usual;
}

/** Opens an address in a page of its own, and closes that when the test is over. */
export async function inPage<Result>(
  url: string,
  use: (opened: Opened) => Promise<Result>,
  options: BrowserContextOptions = {},
): Promise<Result> {
  const isUsual = Object.keys(options).length === 0;
  const context = isUsual ? await usualContext() : await newContext(options);
  const page = await context.newPage();
  try {
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('request', (request) => {
      if (request.url() !== url.replace(/#.*/, '')) complaints.push(`request: ${request.url()}`);
    });
    await page.goto(url);
    await page.waitForSelector('main');
    return await use({ page, complaints });
  } finally {
    await (isUsual ? page : context).close();
  }
}

/** Makes a page of traces, in a folder of its own. */
export interface MadePage {
  readonly path: string;
  readonly url: string;
  remove(): void;
}

/** Runs `replay` on traces so that it writes a page; what it says is not looked at. */
export async function pageOf(
  traces: Readonly<Record<string, string>>,
  args: readonly string[] = [],
): Promise<MadePage> {
  const folder = mkdtempSync(join(tmpdir(), 'replay-page-'));
  for (const [name, text] of Object.entries(traces)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return written(folder, [...args, ...Object.keys(traces)]);
}

/** The same of traces of this repository, by their paths. */
export async function pageOfCorpus(
  paths: readonly string[],
  args: readonly string[] = [],
): Promise<MadePage> {
  const folder = mkdtempSync(join(tmpdir(), 'replay-page-'));
  return written(folder, [...args, ...paths.map((path) => join(process.cwd(), path))]);
}

async function written(folder: string, args: readonly string[]): Promise<MadePage> {
  const name = 'page.html';
  const how = args[0] === 'compare' ? ['compare', '--reporter', `html=${name}`] : ['-q'];
  const rest = args[0] === 'compare' ? args.slice(1) : ['--reporter', `html=${name}`, ...args];
  const { stderr } = await replay([...how, ...rest], { cwd: folder });
  const path = join(folder, name);
  if (!existsSync(path)) throw new Error(`no page was written: ${stderr}`);
  return {
    path,
    url: pathToFileURL(path).href,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** What the page tells of the chosen step and lane to whoever does not see it. */
export function told(page: Page): Promise<string> {
  return page.locator('#told').innerText();
}

/** Waits until that is told. */
export async function expectTold(page: Page, text: string | RegExp): Promise<void> {
  await expect.poll(() => told(page)).toMatch(text);
}

/** What axe finds that is serious. */
export async function seriousOf(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() =>
    (globalThis as unknown as { axe: typeof axe }).axe.run(),
  );
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}

/** The part of its address behind `#`. */
export function addressOf(page: Page): Promise<string> {
  return page.evaluate(() => location.hash);
}
