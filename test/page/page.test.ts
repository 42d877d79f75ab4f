import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  addressOf,
  describeInBrowser,
  expectTold,
  inPage,
  type MadePage,
  pageOfCorpus,
  seriousOf,
} from './browser.ts';

const B2 = 'traces/bugs/b2-two-challenged-sessions.after.jsonl';
const CRASH = 'traces/bugs/b2-second-owner-ends-first.after.jsonl';
const SAME = 'traces/bugs/b12-alpn-is-in-no-list.jsonl';

describeInBrowser('the page of a trace', () => {
  let made: MadePage;
  beforeAll(async () => {
    // Under the rules before a commit it comes out otherwise than it expects.
    made = await pageOfCorpus([B2], ['--rules', '21ddc74e8']);
  });
  afterAll(() => made.remove());

  test('opens from a file without a request or a complaint, shows what it is of, and begins where it diverges', () =>
    inPage(made.url, async ({ page, complaints }) => {
      await expect.poll(() => page.locator('h1').innerText()).toContain('diverges');
      expect(await page.locator('h1').innerText()).toContain(B2);
      expect(await page.locator('.heading').innerText()).toContain('10 steps, 3 divergences');
      await expectTold(page, 'step 6 of 10: http_wait_for_response t1 ok');
      expect(complaints).toEqual([]);
    }));

  test('begins at the end of the program where nothing diverges, at the first step where all is well', async () => {
    for (const [trace, begins] of [
      [CRASH, /^step 10 of 10: detach t1 crash/],
      [SAME, 'step 1 of'],
    ] as const) {
      const other = await pageOfCorpus([trace]);
      try {
        await inPage(other.url, ({ page }) => expectTold(page, begins));
      } finally {
        other.remove();
      }
    }
  });

  test('shows of a step its inputs, its outcome, what changed, the calls, and why', () =>
    inPage(`${made.url}#step=9`, async ({ page }) => {
      const details = page.locator('.details');
      await expect.poll(() => details.innerText()).toContain('Step 9: detach');
      const text = await details.innerText();
      expect(text).toContain('session_check_idle_conn(s2, c1) = 0');
      expect(text).toMatch(/flags\s+\[PRIVATE\] → \[PRIVATE SESS_IDLE\]/);
      expect(text).toMatch(/idle-count.*as the trace expects/);
      expect(text).toContain('h2_detach');
      expect(text).toContain('session.check-idle.count');
      expect(text).toMatch(/replay --explain --rules 21ddc74e8 --range 9 .*b2-two/);
    }));

  test('shows expected and actual where it diverges, and the function and rule that decided', () =>
    inPage(`${made.url}#step=7`, async ({ page }) => {
      await expect.poll(() => page.locator('.differences').count()).toBe(1);
      const rows = await page.locator('.differences').innerText();
      expect(rows).toMatch(/field\s+expected\s+actual/);
      expect(rows).toContain('decided by http_wait_for_response src/http_ana.c');
      expect(rows).toContain('auth.private');
      await page.locator('.details a', { hasText: 'step 4' }).click();
      await expectTold(page, 'step 4 of 10');
    }));

  test('goes by keys: steps, marks, lanes, and to either end', () =>
    inPage(`${made.url}#step=1`, async ({ page }) => {
      const press = async (...keys: string[]): Promise<void> => {
        for (const key of keys) await page.keyboard.press(key);
      };
      await press('ArrowRight', 'ArrowRight', 'ArrowLeft');
      await expectTold(page, 'step 2 of 10');
      await press('n');
      await expectTold(page, 'step 6 of 10');
      await press('n', 'n');
      await expectTold(page, 'step 9 of 10');
      await press('p');
      await expectTold(page, 'step 7 of 10');
      await press('ArrowDown');
      await expectTold(page, 'session s1, idle_conns 0');
      await press('ArrowDown', 'ArrowDown');
      await expectTold(page, 'connection c1, in use, no owner, listed by s1');
      await press('ArrowUp');
      await expectTold(page, 'session s2');
      await press('Escape', 'Home');
      await expectTold(page, /step 1 of 10: session_new s1 fe ok$/);
      await press('End');
      await expectTold(page, 'step 10 of 10: mux_release');
      await press('?');
      expect(await page.locator('dialog').innerText()).toContain('the next mark');
      await press('Escape');
      expect(await page.locator('dialog').isVisible()).toBe(false);
    }));

  test('has an address for every place, and goes where one leads', () =>
    inPage(`${made.url}#step=5&conn=c1`, async ({ page }) => {
      await expectTold(page, /step 5 of 10: conn_update.*; connection c1/);
      await page.keyboard.press('ArrowRight');
      await expect.poll(() => addressOf(page)).toBe('#step=6&conn=c1');
      await page.evaluate(() => {
        location.hash = '#step=8&sess=s2';
      });
      await expectTold(page, /step 8 of 10: detach.*; session s2/);
      await page.evaluate(() => {
        location.hash = '#step=999999999&conn=nobody&x=%';
      });
      await expectTold(page, 'step 10 of 10');
    }));

  test('finds ids, events, rules and steps', () =>
    inPage(made.url, async ({ page }) => {
      const results = page.locator('.results');
      await page.keyboard.press('/');
      await page.keyboard.type('detach');
      await expect.poll(() => results.innerText()).toMatch(/event\s+detach 2 steps/);
      await page.keyboard.press('Enter');
      await expectTold(page, 'step 8 of 10');
      expect(await page.locator('#found').innerText()).toBe('1 of 2');
      await page.keyboard.press('Enter');
      await expectTold(page, 'step 9 of 10');
      await page.keyboard.press('Shift+Enter');
      await expectTold(page, 'step 8 of 10');
      await page.locator('#search').fill('c1');
      await expect.poll(() => results.innerText()).toMatch(/connection\s+c1/);
      await page.keyboard.press('Enter');
      await expectTold(page, 'connection c1');
      await page.locator('#search').fill('auth.private');
      await expect.poll(() => results.innerText()).toMatch(/rule\s+auth\.private 2 steps/);
      await page.locator('#search').fill('nothing like it');
      await expect.poll(() => results.innerText()).toBe('nothing is called so');
      await page.keyboard.press('Escape');
      await page.keyboard.press('ArrowRight');
      expect(await results.isVisible()).toBe(false);
    }));

  test('is chosen from and lit up by a pointer, and moved by dragging and the wheel', () =>
    inPage(made.url, async ({ page }) => {
      const box = await page.locator('.scroller').boundingBox();
      if (box === null) throw new Error('no lanes');
      // The second session, at its fourth step or so.
      await page.mouse.move(box.x + 500, box.y + 40 + 22 + 33);
      await expect.poll(() => page.locator('.tip').innerText()).toMatch(/step \d+: session s2/);
      const pixels = (): Promise<string> =>
        page
          .locator('.scroller canvas')
          .evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());
      const lit = await pixels();
      await page.mouse.move(box.x + 500, box.y + box.height - 20);
      await expect.poll(pixels).not.toBe(lit);
      await page.mouse.click(box.x + 500, box.y + 40 + 22 + 33);
      await expectTold(page, /; session s2/);
      const seen = (): Promise<string> =>
        page.locator('.window').evaluate((window) => (window as HTMLElement).style.cssText);
      const whole = await seen();
      await page.keyboard.down('Control');
      await page.mouse.wheel(0, -300);
      await page.keyboard.up('Control');
      await page.keyboard.press('+');
      await page.keyboard.press('0');
      await expect.poll(seen).toBe(whole);
    }));

  test('tells every step in a table as well', () =>
    inPage(`${made.url}#step=7`, async ({ page }) => {
      await page.locator('summary').click();
      const rows = page.locator('.steps tbody tr');
      await expect.poll(() => rows.count()).toBe(10);
      expect(await rows.nth(6).innerText()).toMatch(
        /^7\s+http_wait_for_response\s+t2 status=401\s+/,
      );
      expect(await page.locator('[aria-current=step]').innerText()).toBe('7');
      await rows.nth(2).locator('a').click();
      await expectTold(page, 'step 3 of 10');
    }));

  test('runs no script but its own, and can ask nobody', () =>
    inPage(made.url, async ({ page }) => {
      const ran = await page.evaluate(async () => {
        const script = document.createElement('script');
        script.textContent = 'window.injected = true';
        document.body.append(script);
        document.body.insertAdjacentHTML(
          'beforeend',
          '<img src="x" onerror="window.injected = true">',
        );
        const asked = await fetch('https://example.org/').then(
          () => 'asked',
          () => 'refused',
        );
        return { injected: 'injected' in window, asked };
      });
      expect(ran).toEqual({ injected: false, asked: 'refused' });
    }));

  test.each(['light', 'dark'] as const)(
    'is %s by the system’s setting, and the other way by its switch',
    (colorScheme) =>
      inPage(
        made.url,
        async ({ page }) => {
          const back = (): Promise<string> =>
            page.evaluate(() => getComputedStyle(document.body).backgroundColor);
          const colours = { light: 'rgb(255, 255, 255)', dark: 'rgb(20, 23, 27)' };
          expect(await back()).toBe(colours[colorScheme]);
          const other = colorScheme === 'light' ? 'dark' : 'light';
          await page.locator('#theme').selectOption(other);
          expect(await back()).toBe(colours[other]);
          expect(await seriousOf(page)).toEqual([]);
        },
        { colorScheme },
      ),
  );

  test('fits a screen of 360 pixels', () =>
    inPage(
      `${made.url}#step=7`,
      async ({ page }) => {
        await expectTold(page, 'step 7 of 10');
        const widths = await page.evaluate(() => [
          document.documentElement.scrollWidth,
          innerWidth,
        ]);
        expect(widths).toEqual([360, 360]);
        expect(await seriousOf(page)).toEqual([]);
      },
      { viewport: { width: 360, height: 740 } },
    ));

  test('has nothing serious that axe finds, with everything open', () =>
    inPage(`${made.url}#step=7&conn=c1`, async ({ page }) => {
      await page.locator('summary').click();
      await expect.poll(() => page.locator('.steps tbody tr').count()).toBe(10);
      expect(await seriousOf(page)).toEqual([]);
      await page.keyboard.press('Escape');
      await page.locator('header button').click();
      expect(await seriousOf(page)).toEqual([]);
    }));
});
