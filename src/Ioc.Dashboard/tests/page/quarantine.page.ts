import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { missing, Stage } from './stage';

const stage = new Stage();

describe.skipIf(missing !== null)(
  `quarantine on its page${missing === null ? '' : ` (skipped: ${missing})`}`,
  () => {
    beforeAll(() => stage.raise());
    afterAll(() => stage.strike());

    it('goes from a group to a message, its bytes and its decode', async () => {
      const page = await stage.open('/quarantine');
      await page.locator('.grouplist li').first().waitFor();
      expect(await page.locator('.grouplist').innerText()).toContain('7b 22 45 4e');
      await page.locator('.grouplist button').first().click();
      await page.locator('.groupmessages button').first().click();
      const source = page.locator('.sourcebox');
      await source.locator('.decoded').waitFor();
      const words = await source.innerText();
      for (const word of [
        'tasmota-energy · 0a1b2c3d4e5f',
        'tele/kho-bac/SENSOR',
        '"Power":99431.25',
        '31f8a1eaeaf4df0f',
      ])
        expect(words).toContain(word);
      expect(stage.faults).toEqual([]);
      await page.close();
    });

    it('shows no byte of what was refused for personal data', async () => {
      const page = await stage.open('/quarantine?group=0a0b0c0d0e0f&offset=40');
      const source = page.locator('.sourcebox');
      await source.locator('.withheld').waitFor();
      expect(await source.innerText()).toContain('dữ liệu cá nhân');
      expect(await page.locator('.grouplist li').nth(1).locator('pre').count()).toBe(0);
      expect(await source.locator('pre').count()).toBe(0);
      await page.close();
    });

    it('leads from a value on the device page to its message', async () => {
      const page = await stage.open('/devices/WL-0003');
      await page.locator('.showsource').first().click();
      const source = page.locator('.sourcebox');
      await source.locator('.decoded').waitFor();
      expect(await source.innerText()).toContain('tele/kho-bac/SENSOR');
      await source.locator('button', { hasText: 'Đóng' }).click();
      await source.waitFor({ state: 'detached' });
      await page.close();
    });

    it('compares, shows old and new, and commits exactly that', async () => {
      const page = await stage.open('/quarantine', { width: 390, height: 844 });
      await page.locator('.grouplist button').first().click();
      await page.locator('.replay .compare').click();
      const status = page.locator('.replaystatus');
      await page.locator('.replaystatus[data-state=ready]').waitFor();
      const words = await status.innerText();
      for (const word of ['1.283', '994312,5', '99431,25', 'noReadings → Đã lưu'])
        expect(words).toContain(word);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
      await page.locator('.replay .commit').click();
      await page.locator('.replaystatus[data-state=done]').waitFor();
      expect(await page.locator('.replay .commit').count()).toBe(0);
      expect(stage.faults).toEqual([]);
      await page.close();
    });
  },
);
