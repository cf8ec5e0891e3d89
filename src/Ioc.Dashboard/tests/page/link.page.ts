import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { missing, Stage } from './stage';

const stage = new Stage();

describe.skipIf(missing !== null)(
  `a frozen server${missing === null ? '' : ` (skipped: ${missing})`}`,
  () => {
    beforeAll(() => stage.raise());
    afterAll(() => stage.strike());

    it('turns the page yellow within six seconds and gives everything back when it thaws', async () => {
      const page = await stage.open('/alarms');
      await page.locator('.row').nth(2).click();
      await page.locator('.detail h2').waitFor();
      await page.locator('input[type=search]').fill('muc nuoc');
      // The address follows what is typed a moment later.
      await page.waitForURL(/[?&]q=/);
      const url = page.url();
      const title = await page.locator('.detail h2').innerText();

      const frozenAt = Date.now();
      await stage.tell('freeze');
      const bar = page.locator('.linkbar', { hasText: /Mất kết nối – số liệu cũ \d+ giây/ });
      await bar.waitFor({ timeout: 8_000 });
      expect(Date.now() - frozenAt).toBeLessThan(6_000);
      expect(await page.locator('html').getAttribute('data-link')).toBe('lost');
      expect(await page.locator('.detail button.primary').isDisabled()).toBe(true);

      await stage.tell('thaw');
      await bar.waitFor({ state: 'detached', timeout: 25_000 });
      expect(page.url()).toBe(url);
      expect(await page.locator('.detail h2').innerText()).toBe(title);
      expect(await page.locator('input[type=search]').inputValue()).toBe('muc nuoc');
      expect(await page.locator('.detail button.primary').isDisabled()).toBe(false);
      await page.close();
    });

    it.each([
      [320, '/'],
      [390, '/alarms'],
      [390, '/devices'],
      [390, '/devices/CS-0002'],
      [390, '/system'],
      [390, '/registry'],
      [390, '/registry/import'],
      [390, '/registry/firmware'],
    ])('is never wider than a screen of %i pixels: %s', async (width, path) => {
      const page = await stage.open(path, { width, height: 844 });
      await page.waitForTimeout(800);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
      await page.close();
    });

    it('sent nothing outside and broke no policy', () => {
      expect(stage.faults).toEqual([]);
    });
  },
);
