import type { CDPSession, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeInBrowser, expectTold, inPage, type MadePage, pageOf, told } from './browser.ts';
import { largeTrace } from './large.ts';

type Point = readonly [x: number, y: number];

/** Fingers on the lanes, and the place of these. */
class Fingers {
  private constructor(
    readonly page: Page,
    readonly session: CDPSession,
    readonly left: number,
    readonly top: number,
  ) {}

  static async on(page: Page): Promise<Fingers> {
    const box = await page.locator('.scroller').boundingBox();
    if (box === null) throw new Error('no lanes');
    return new Fingers(page, await page.context().newCDPSession(page), box.x, box.y);
  }

  /** Puts fingers down, moves them from place to place, and takes them off. */
  async move(...path: readonly (readonly Point[])[]): Promise<void> {
    for (const [at, points] of path.entries()) {
      await this.session.send('Input.dispatchTouchEvent', {
        type: at === 0 ? 'touchStart' : 'touchMove',
        touchPoints: points.map(([x, y], id) => ({ x: this.left + x, y: this.top + y, id })),
      });
    }
    await this.session.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  }

  /** The step that a tap chooses, which is another than the one before. */
  async stepAt(x: number): Promise<number> {
    const before = await told(this.page);
    await this.move(at(x));
    await expect.poll(() => told(this.page)).not.toBe(before);
    return Number(/^step (\d+)/.exec(await told(this.page))?.[1]);
  }
}

/** From one place to another in some moves, as fingers are told. */
function path(from: readonly Point[], to: readonly Point[], moves = 8): Point[][] {
  return Array.from({ length: moves + 1 }, (_, move) =>
    from.map(([x, y], finger): Point => {
      const [endX = x, endY = y] = to[finger] ?? [];
      return [x + ((endX - x) * move) / moves, y + ((endY - y) * move) / moves];
    }),
  );
}

/** Places beside each other on the lanes. */
function at(...xs: readonly number[]): Point[] {
  return xs.map((x): Point => [x, 100]);
}

describeInBrowser('fingers on the lanes', () => {
  let made: MadePage;
  beforeAll(async () => {
    made = await pageOf({ 'a.jsonl': largeTrace(1000, 50) });
  });
  afterAll(() => made.remove());

  test('choose by a tap, make steps wider around their middle, and move along them', () =>
    inPage(
      `${made.url}#step=1`,
      async ({ page, complaints }) => {
        await expectTold(page, 'step 1 of');
        const fingers = await Fingers.on(page);
        const left = await fingers.stepAt(250);
        const middle = await fingers.stepAt(400);
        await fingers.move(...path(at(370, 430), at(250, 550)));
        const wideLeft = await fingers.stepAt(250);
        const wideMiddle = await fingers.stepAt(400);
        // Five times as wide, and what was between the fingers is there still.
        expect((middle - left) / (wideMiddle - wideLeft)).toBeCloseTo(5, 0);
        expect(Math.abs(wideMiddle - middle)).toBeLessThan(10);
        await fingers.move(...path(at(400), at(250)));
        const later = wideMiddle + (wideMiddle - wideLeft);
        expect(Math.abs((await fingers.stepAt(400)) - later)).toBeLessThan(5);
        expect(complaints).toEqual([]);
      },
      { hasTouch: true },
    ));
});
