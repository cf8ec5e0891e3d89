import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { missing, Stage } from './stage';

const stage = new Stage();
const rowIds = (page: Page) =>
  page.locator('.row').evaluateAll((rows) => rows.map((row) => (row as HTMLElement).dataset['id']));

describe.skipIf(missing !== null)(
  `the alarm console${missing === null ? '' : ` (skipped: ${missing})`}`,
  () => {
    beforeAll(() => stage.raise());
    afterAll(() => stage.strike());

    it('shows rows where the eye can see them', async () => {
      const page = await stage.open('/alarms');
      await page.locator('.row').first().waitFor();
      const grid = (await page.locator('.grid').boundingBox())!;
      const first = (await page.locator('.row').first().boundingBox())!;
      expect(first.height).toBeGreaterThan(20);
      expect(first.y).toBeGreaterThanOrEqual(grid.y);
      expect(first.y + first.height).toBeLessThan(grid.y + 100);
      expect(await page.locator('.row').first().innerText()).toMatch(/Chưa xác nhận/);
      await page.close();
    });

    it('is worked by keyboard alone: move, open, acknowledge with a note', async () => {
      const page = await stage.open('/alarms');
      await page.locator('.row').first().focus();
      await page.keyboard.press('j');
      await page.keyboard.press('k');
      await page.keyboard.press('Enter');
      const id = (await rowIds(page))[0]!;
      await page.waitForURL(`**/alarms/${id}`);
      await page.locator('.row').first().focus();
      await page.keyboard.press('a');
      await page.locator('dialog.ask input').fill('đã gọi trạm');
      await page.keyboard.press('Enter');
      await page.locator(`.row[data-id="${id}"] .c-state`, { hasText: 'Đã xác nhận' }).waitFor();
      expect(await page.locator('.detail').innerText()).toContain('đã gọi trạm');
      await page.close();
    });

    it('shows what happened meanwhile and sends nothing again when somebody was faster', async () => {
      const page = await stage.open('/alarms?unack=1&p=2');
      const row = page.locator('.row').first();
      const id = (await row.getAttribute('data-id'))!;
      await row.focus();
      await page.keyboard.press('a');
      await page.locator('dialog.ask').waitFor();
      const faster = await fetch(`${stage.origin}/api/alarms/${id}/acknowledge`, {
        method: 'POST',
        body: JSON.stringify({ version: 1, comment: null }),
      });
      expect(faster.status).toBe(200);
      let posts = 0;
      page.on('request', (request) => (posts += Number(request.method() === 'POST')));
      await page.locator('dialog.ask button.primary').click();
      await page.locator(`.row[data-id="${id}"] .answer`, { hasText: 'đã thay đổi trước đó' }).waitFor();
      expect(posts).toBe(1);
      await page.close();
    });

    it('does not move a row under the hand; what is new waits above', async () => {
      const page = await stage.open('/alarms');
      await page.locator('.row').nth(3).hover();
      await page.mouse.move(400, 300);
      const before = await rowIds(page);
      await stage.tell('raise');
      await page.locator('.newabove').waitFor();
      expect((await rowIds(page)).slice(0, 10)).toEqual(before.slice(0, 10));
      await page.locator('.newabove').click();
      await page.locator('.newabove').waitFor({ state: 'detached' });
      expect(await page.locator('.row').count()).toBeGreaterThan(0);
      await page.close();
    });

    it('says aloud that a critical alarm came, but not those that were there', async () => {
      const page = await stage.open('/alarms');
      const spoken = page.locator('p[role=alert].hidden');
      expect(await spoken.innerText()).toBe('');
      for (
        let tries = 0;
        tries < 40 && (JSON.parse(await stage.tell('raise')) as { priority: number }).priority !== 1;
        tries++
      );
      await page.locator('p[role=alert].hidden', { hasText: 'Mực nước' }).waitFor({ state: 'attached' });
      await page.close();
    });

    it('refuses to acknowledge critical alarms together', async () => {
      for (let i = 0; i < 24; i++) await stage.tell('raise');
      const page = await stage.open('/alarms?unack=1&p=1');
      await page.locator('.row').first().focus();
      await page.keyboard.press(' ');
      await page.keyboard.press('j');
      await page.keyboard.press(' ');
      await page.keyboard.press('a');
      await page.locator('dialog.ask', { hasText: 'từng cái' }).waitFor();
      expect(await page.locator('dialog.ask button.primary').isDisabled()).toBe(true);
      await page.close();
    });

    it('sent nothing outside and broke no policy', () => {
      expect(stage.faults).toEqual([]);
    });
  },
);
