import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AGREEING, inFolder, replay, replayIn } from '../cli/run.ts';
import {
  describeInBrowser,
  expectTold,
  inPage,
  type MadePage,
  pageOfCorpus,
  seriousOf,
} from './browser.ts';

const B2 = 'traces/bugs/b2-two-challenged-sessions.after.jsonl';
const SAME = 'traces/bugs/b12-alpn-is-in-no-list.jsonl';

describeInBrowser('the page of two rule sets', () => {
  let made: MadePage;
  beforeAll(async () => {
    made = await pageOfCorpus([B2, SAME], ['compare', '--from', '21ddc74e8', '--to', '08016ab82']);
  });
  afterAll(() => made.remove());

  test('has an index of where they part', () =>
    inPage(made.url, async ({ page, complaints }) => {
      const rows = page.locator('main tbody tr');
      const texts = await rows.allInnerTexts();
      expect(texts.some((text) => /^parts\s.*b2-two[\s\S]*step 3: connect\.new\./.test(text))).toBe(
        true,
      );
      expect(texts.some((text) => /^no difference\s.*b12/.test(text))).toBe(true);
      expect(complaints).toEqual([]);
    }));

  test('shows two bands over the same steps, and both reasons beside each other', () =>
    inPage(made.url, async ({ page }) => {
      await page.locator('.path a', { hasText: 'b2-two' }).click();
      await expectTold(page, 'step 3 of 10');
      const reasons = page.locator('.reasons .reason');
      expect(await reasons.nth(0).innerText()).toMatch(
        /under 21ddc74e8[\s\S]*connect\.new\.ownerless/,
      );
      expect(await reasons.nth(1).innerText()).toMatch(/under 08016ab82[\s\S]*connect\.new\.owned/);
      expect(await page.locator('.differences').first().innerText()).toMatch(
        /field\s+21ddc74e8\s+08016ab82/,
      );
      // The lane of either side, one below the other.
      const told: string[] = [];
      for (let at = 0; at < 6; at++) {
        await page.keyboard.press('ArrowDown');
        told.push(await page.locator('#told').innerText());
      }
      await expectTold(page, /connection c1, connecting, owner s1/);
      await page.keyboard.press('ArrowUp');
      await page.keyboard.press('ArrowUp');
      await page.keyboard.press('ArrowUp');
      await expectTold(page, /connection c1, connecting, no owner/);
      expect(await seriousOf(page)).toEqual([]);
    }));
});

describeInBrowser('the page of many rule sets', () => {
  let made: MadePage;
  beforeAll(async () => {
    const sets = ['compare', '--rules', '2.2.0,21ddc74e8,08016ab82,2.3.0'];
    made = await pageOfCorpus([B2, SAME], sets);
  });
  afterAll(() => made.remove());

  test('has a matrix of verdicts, each a way to the lanes under its rule set', () =>
    inPage(made.url, async ({ page, complaints }) => {
      const row = page.locator('main tbody tr').filter({ hasText: 'b2-two' });
      expect(await row.locator('.sign').allInnerTexts()).toEqual(['✗', '✗', '✓', '✓']);
      expect(await seriousOf(page)).toEqual([]);
      await row.locator('.sign a').nth(2).click();
      await expectTold(page, /step \d+ of 10/);
      expect(await page.evaluate(() => location.hash)).toContain('sets=3');
      await page.keyboard.press('Home');
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('ArrowUp');
      await expectTold(page, /connection c1, connecting, owner s1/);
      expect(complaints).toEqual([]);
    }));

  test('opens a trace where neighbours part first; a row opens its lanes', () =>
    inPage(`${made.url}#trace=1`, async ({ page }) => {
      const rows = page.locator('.matrix tbody tr');
      expect(await rows.count()).toBe(4);
      expect(await rows.nth(0).innerText()).toMatch(/2\.2\.0\s+✗ diverges\s+step 6: conn\.c1/);
      expect(await page.locator('.matrix .here').count()).toBe(2);
      await expectTold(page, 'step 6 of 10');
      const heights = await rows.evaluateAll((all) => all.map((row) => row.clientHeight));
      expect(heights.every((height) => height < 30)).toBe(true);
      await rows.nth(2).locator('button').last().click();
      await expectTold(page, 'step 3 of 10');
      expect(await page.locator('.reason').allInnerTexts()).toEqual([
        expect.stringMatching(/under 21ddc74e8[\s\S]*connect\.new\.ownerless/),
        expect.stringMatching(/under 08016ab82[\s\S]*connect\.new\.owned/),
      ]);
      await rows.nth(3).locator('button').first().click();
      await expect.poll(() => page.evaluate(() => location.hash)).toBe('#trace=1&sets=4&step=3');
      expect(await page.locator('.matrix [aria-pressed=true]').innerText()).toBe('2.3.0');
      expect(await seriousOf(page)).toEqual([]);
    }));
});

test('a comparison is told beside its page as without one', () =>
  inFolder(async (cwd) => {
    const path = `${process.cwd()}/${B2}`;
    const sets = ['compare', '--from', '21ddc74e8', '--to', '08016ab82', path];
    const without = await replay(sets, { cwd });
    const beside = await replay([...sets, '--reporter', 'html=a.html'], { cwd });
    expect(beside).toEqual(without);
    const alone = await replay([...sets, '--reporter', 'html'], { cwd });
    expect(alone.stdout).toBe(readFileSync(`${cwd}/a.html`, 'utf8'));
    expect({ code: alone.code, stderr: alone.stderr }).toEqual({ code: 1, stderr: '' });
  }));

test.each(['json', 'svg', 'junit=a.xml'])(
  'the reporter %s does not tell of two rule sets',
  async (name) => {
    const args = ['compare', '--from', '2.2.0', '--to', '2.3.0', '--reporter', name, 'a.jsonl'];
    const { code, stderr } = await replayIn({ 'a.jsonl': AGREEING }, args);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: `replay: the reporter ${name.replace(/=.*/, '')} tells of many rule sets: write --rules A,B\n`,
    });
  },
);
