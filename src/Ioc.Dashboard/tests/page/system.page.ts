import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { missing, Stage } from './stage';

const stage = new Stage();

describe.skipIf(missing !== null)(
  `refusals on the pages${missing === null ? '' : ` (skipped: ${missing})`}`,
  () => {
    beforeAll(() => stage.raise());
    afterAll(() => stage.strike());

    it('show who was refused last, why and how often, under the balance', async () => {
      const page = await stage.open('/system');
      const rows = page.locator('.balance .refusals tbody tr');
      await rows.first().waitFor();
      expect(await rows.count()).toBe(3);
      const first = await rows.first().innerText();
      for (const words of ['meter-77', 'gate-7', '203.0.113.9', 'Không được gửi vào chủ đề này', '4'])
        expect(first).toContain(words);
      expect(stage.faults).toEqual([]);
      await page.close();
    });

    it('show on the page of the device whose name the client bears, and only there', async () => {
      const page = await stage.open('/devices/WL-0003');
      const box = page.locator('section.refusals');
      await box.waitFor();
      expect(await box.innerText()).toContain('Sai tên hoặc mật khẩu');
      await page.goto(stage.origin + '/devices/WL-0004');
      await page.locator('.messages').waitFor();
      expect(await box.count()).toBe(0);
      await page.close();
    });
  },
);
