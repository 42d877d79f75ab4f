import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AGREEING, DIVERGING, trace } from '../cli/run.ts';
import {
  addressOf,
  describeInBrowser,
  expectTold,
  inPage,
  type MadePage,
  pageOf,
  pageOfCorpus,
  seriousOf,
} from './browser.ts';

describeInBrowser('the page of many traces', () => {
  let made: MadePage;
  beforeAll(async () => {
    const broken = `${AGREEING}{"event":"detach"\n`;
    made = await pageOf({
      'good.jsonl': AGREEING,
      'a/bad.jsonl': DIVERGING,
      'broken.jsonl': broken,
    });
  });
  afterAll(() => made.remove());

  test('opens with an index: judgement, counts, and the first divergence', () =>
    inPage(made.url, async ({ page, complaints }) => {
      const rows = page.locator('main tbody tr');
      expect(await rows.count()).toBe(3);
      expect(await rows.nth(0).innerText()).toMatch(/agrees\s+good\.jsonl\s+a test\s+3/);
      expect(await rows.nth(1).innerText()).toMatch(
        /diverges\s+a\/bad\.jsonl[\s\S]*step 2: conn\.c1\./,
      );
      expect(await rows.nth(2).innerText()).toMatch(/not judged\s+broken\.jsonl[\s\S]*line 5/);
      expect(await seriousOf(page)).toEqual([]);
      expect(complaints).toEqual([]);
    }));

  test('is filtered by path, title and judgement', () =>
    inPage(made.url, async ({ page }) => {
      const paths = (): Promise<string[]> => page.locator('.path a').allInnerTexts();
      await page.keyboard.press('/');
      await page.keyboard.type('BAD');
      expect(await paths()).toEqual(['a/bad.jsonl']);
      await page.locator('#filter').fill('');
      await page.locator('#verdict').selectOption('not judged');
      expect(await paths()).toEqual(['broken.jsonl']);
      expect(await page.locator('[role=status]').first().innerText()).toBe('1 trace match');
    }));

  test('opens each trace, and leads back; every place has its address', () =>
    inPage(made.url, async ({ page }) => {
      await page.locator('a', { hasText: 'step 2' }).click();
      await expectTold(page, 'step 2 of 3');
      await page.keyboard.press('ArrowRight');
      await expect.poll(() => addressOf(page)).toBe('#trace=2&step=3');
      await page.locator('.back').click();
      await expect.poll(() => page.locator('main tbody tr').count()).toBe(3);
      await page.goto(`${made.url}#trace=1&step=3&conn=c1`);
      await expectTold(page, /step 3 of 3: detach.*; connection c1/);
    }));

  test('shows of a trace that ends half-way what was read, and why it ends', () =>
    inPage(`${made.url}#trace=3`, async ({ page }) => {
      await expectTold(page, 'step 1 of 3');
      expect(await page.locator('.problems').innerText()).toMatch(/not be read on[\s\S]*line 5/);
    }));

  test('is one document, whatever it was written to by', async () => {
    const html = readFileSync(made.path, 'utf8');
    expect(html.match(/<!doctype html>/g)).toHaveLength(1);
    expect(html.match(/<\/html>/g)).toHaveLength(1);
    expect(html).not.toMatch(/src=|href=|@import|url\(/);
  });
});

describeInBrowser('a page of odd traces', () => {
  const ODD = `</script><script>window.injected=1</script>"'&\u202e\u0000<b onclick=x>`;
  const LONG = 'n'.repeat(10_000);

  test('shows ids that are markup, quotes, controls and very long as text', async () => {
    const made = await pageOf({
      'a.jsonl': trace(
        { event: 'session_new', sess: ODD, fe: 'fe', note: ODD },
        { event: 'connect_server', strm: LONG, sess: ODD, target: 'b/srv', conn: '__proto__' },
      ),
    });
    await inPage(`${made.url}#step=2&conn=__proto__`, async ({ page, complaints }) => {
      await expectTold(page, /step 2 of 2: connect_server/);
      await expectTold(page, /; connection __proto__, in use|connecting/);
      const text = await page.locator('.details').innerText();
      expect(text).toContain('</script><script>');
      expect(text).toContain('\\u202e');
      expect(text).not.toContain('\u202e');
      expect(text).toMatch(/[\d,]+ characters more/);
      const found = await page.evaluate(() => ({
        injected: 'injected' in window,
        bold: document.querySelectorAll('b').length,
        wide: document.documentElement.scrollWidth > innerWidth,
      }));
      expect(found).toEqual({ injected: false, bold: 0, wide: false });
      await page.locator('.details .more').first().click();
      expect((await page.locator('.details').innerText()).length).toBeGreaterThan(10_000);
      expect(complaints).toEqual([]);
    });
    made.remove();
  });

  test('shows an empty trace, and a run without any', async () => {
    const empty = await pageOf({ 'a.jsonl': trace() });
    await inPage(empty.url, async ({ page, complaints }) => {
      await expectTold(page, 'no step');
      expect(await page.locator('.problems').innerText()).toContain('the trace has no events');
      for (const key of ['ArrowRight', 'End', 'n', 'ArrowDown', '+', '0'])
        await page.keyboard.press(key);
      expect(complaints).toEqual([]);
    });
    empty.remove();
    const none = await pageOfCorpus(['traces/missing.jsonl']);
    await inPage(none.url, async ({ page }) => {
      expect(await page.locator('main').innerText()).toContain('No trace could be read');
      expect(await page.locator('.lanes').count()).toBe(0);
    });
    none.remove();
  }, 30_000);
});
