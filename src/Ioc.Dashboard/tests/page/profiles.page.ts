import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { missing, Stage } from './stage';

const stage = new Stage();

describe.skipIf(missing !== null)(
  `profiles on their page${missing === null ? '' : ` (skipped: ${missing})`}`,
  () => {
    beforeAll(() => stage.raise());
    afterAll(() => stage.strike());

    it('shows which edition is in force and every mistake that keeps the folder out', async () => {
      const page = await stage.open('/profiles');
      const box = page.locator('.edition');
      await box.locator('.mistakes li').first().waitFor();
      expect(await box.innerText()).toContain('31f8a1eaeaf4df0f');
      expect(await box.locator('[role=alert]').innerText()).toContain("telraam-v2.profile.yaml:9: 'feilds'");
      await page.close();
    });

    it('decodes a pasted message and shows value, unit, time, doubt and what is absent', async () => {
      const page = await stage.open('/profiles');
      await page.locator('.decodeform input').fill('tele/kho-bac/SENSOR');
      await page.locator('.decodeform textarea').fill('{"ENERGY":{"Power":99431.25,"Current":null}}');
      await page.locator('.decodeform button').click();
      const decoded = page.locator('.decoded');
      await decoded.waitFor();
      const words = await decoded.innerText();
      for (const word of [
        'Có số đo',
        'tasmota-energy',
        '99431,25',
        '812400',
        '812,4',
        'giờ thiết bị',
        'ngoài dải đo, nghi ngờ',
        'tăng 0,25',
        'rỗng (null)',
      ])
        expect(words).toContain(word);
      await decoded.locator('details summary').click();
      const steps = await decoded.locator('details').innerText();
      for (const word of ['ENERGY.Power', 'profile.yaml:12', 'rỗng (null)']) expect(steps).toContain(word);
      await page.locator('.decodeform input').fill('nobody/knows');
      await page.locator('.decodeform button').click();
      await page.getByText('Không hồ sơ nào nghe chủ đề này.').waitFor();
      expect(await decoded.innerText()).toContain('profileUnknown');
      expect(stage.faults).toEqual([]);
      await page.close();
    });

    it('finds a profile without its marks and is never wider than a phone', async () => {
      const page = await stage.open('/profiles', { width: 390, height: 844 });
      await page.locator('.profilelist tbody tr').first().waitFor();
      await page.locator('.profilelist input').fill('muc nuoc');
      expect(await page.locator('.profilelist tbody tr').count()).toBe(1);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
      await page.close();
    });
  },
);
