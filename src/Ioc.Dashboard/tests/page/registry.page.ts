import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { missing, Stage } from './stage';

const stage = new Stage();

describe.skipIf(missing !== null)(
  `the registry pages${missing === null ? '' : ` (skipped: ${missing})`}`,
  () => {
    beforeAll(() => stage.raise());
    afterAll(() => stage.strike());

    it('list who waits, and take one on with a name and a place', async () => {
      const page = await stage.open('/registry');
      const row = page.locator('tbody tr', { hasText: 'la-01' });
      await row.locator('button', { hasText: 'Tiếp nhận' }).click();
      const dialog = page.locator('dialog.edit');
      await dialog.locator('input[name=name]').fill('Kho bắc');
      await dialog.locator('input[name=lat]').fill('13,77');
      await dialog.locator('button.primary').click();
      // A latitude without a longitude is no place.
      await dialog.locator('.failed', { hasText: 'kinh độ' }).waitFor();
      await dialog.locator('input[name=lon]').fill('109,22');
      await dialog.locator('button.primary').click();
      await row.waitFor({ state: 'detached' });
      await page.goto(stage.origin + '/devices/la-01');
      await page.locator('.identity h1', { hasText: 'Kho bắc' }).waitFor();
      await page.locator('section.audit', { hasText: 'Tiếp nhận' }).waitFor();
      await page.close();
    });

    it('reject a stranger with a reason, and lift it again', async () => {
      const page = await stage.open('/registry');
      await page.locator('tbody tr', { hasText: 'la-02' }).locator('button', { hasText: 'Từ chối' }).click();
      await page.locator('dialog.ask input[name=note]').fill('của nhà dân');
      await page.locator('dialog.ask button.primary').click();
      await page.locator('tbody tr', { hasText: 'la-02' }).waitFor({ state: 'detached' });
      await page.locator('.filters select').selectOption('rejected');
      const row = page.locator('tbody tr', { hasText: 'la-02' });
      await row.waitFor();
      expect(await row.innerText()).toContain('của nhà dân');
      await row.locator('button', { hasText: 'Bỏ từ chối' }).click();
      await page.locator('dialog.ask button.primary').click();
      await page.locator('.empty', { hasText: 'Không có thiết bị nào bị từ chối' }).waitFor();
      await page.close();
    });

    it('show the present state to who was late, and every reason to who erred', async () => {
      const page = await stage.open('/devices/WL-0005');
      await page.locator('.desk button', { hasText: 'Sửa' }).click();
      const dialog = page.locator('dialog.edit');
      await dialog.locator('input[name=name]').fill('Tên của tôi');
      const faster = await fetch(`${stage.origin}/api/devices/WL-0005`, {
        method: 'PATCH',
        body: JSON.stringify({ version: 1, name: 'Tên của người khác' }),
      });
      expect(faster.status).toBe(200);
      await dialog.locator('button.primary').click();
      await dialog.locator('.failed', { hasText: 'Có người vừa thay đổi' }).waitFor();
      expect(await dialog.locator('input[name=name]').inputValue()).toBe('Tên của người khác');
      await dialog.locator('input[name=area]').fill('x');
      await dialog.locator('button.primary').click();
      await dialog.locator('.failed', { hasText: "không có đơn vị hành chính mã 'x'" }).waitFor();
      await page.close();
    });

    it('retire a device from its page and bring it back', async () => {
      const page = await stage.open('/devices/WL-0006');
      await page.locator('.desk button', { hasText: 'Ngừng sử dụng' }).click();
      await page.locator('dialog.ask input[name=note]').fill('ngập');
      await page.locator('dialog.ask button.primary').click();
      await page.locator('.identity .chip', { hasText: 'Ngừng sử dụng' }).waitFor();
      expect(await page.locator('.identity').innerText()).toContain('ngập');
      await page.locator('.desk button', { hasText: 'Đưa vào sử dụng lại' }).click();
      await page.locator('dialog.ask button.primary').click();
      await page.locator('.identity .chip').waitFor({ state: 'detached' });
      await page.close();
    });

    it('show a new password once, and revoke', async () => {
      const page = await stage.open('/devices/WL-0007');
      page.on('dialog', (dialog) => void dialog.accept());
      const box = page.locator('section.credentials');
      await box.locator('button', { hasText: 'Cấp tài khoản' }).click();
      const secret = (await box.locator('.secret b').innerText()).trim();
      expect(secret.length).toBe(32);
      await box.locator('button', { hasText: 'Thu hồi' }).click();
      await box.locator('td', { hasText: 'Đã thu hồi' }).waitFor();
      expect(await page.locator('body').innerText()).not.toContain(secret);
      await page.reload();
      await box.locator('td', { hasText: 'Đã thu hồi' }).waitFor();
      expect(await page.locator('body').innerText()).not.toContain(secret);
      await page.close();
    });

    it('say what a table would do before it is done', async () => {
      const page = await stage.open('/registry/import');
      const posts: string[] = [];
      page.on('request', (request) => request.method() === 'POST' && posts.push(request.url()));
      await page.locator('input[type=file]').setInputFiles({
        name: 'thiet-bi.csv',
        mimeType: 'text/csv',
        buffer: Buffer.from('\ufeffkey;family\r\nm-1;water\r\nm-2;tau\r\nm-3;water\r\n'),
      });
      await page.locator('h2', { hasText: 'Nếu nhập bảng này' }).waitFor();
      const fault = await page.locator('.faults tbody tr').innerText();
      for (const words of ['3', 'family', "nhóm 'tau' không có"]) expect(fault).toContain(words);
      expect(posts.map((url) => new URL(url).search)).toEqual(['?dryRun=true']);
      await page.locator('button.primary', { hasText: 'Nhập 2 thiết bị' }).click();
      await page.locator('h2', { hasText: 'Đã nhập' }).waitFor();
      expect(posts.map((url) => new URL(url).search)).toEqual(['?dryRun=true', '?dryRun=false']);
      await page.close();
    });

    it('show which firmware is new and what it says that nobody reads', async () => {
      const page = await stage.open('/registry/firmware');
      const row = page.locator('tbody tr', { hasText: '14.1.0' });
      await row.waitFor();
      const words = await row.innerText();
      for (const part of ['mới', 'ENERGY.ExportActive', '12']) expect(words).toContain(part);
      expect(await page.locator('tbody tr', { hasText: '13.4.0' }).innerText()).not.toContain('mới');
      await page.close();
    });

    it('keep what was done, by whom and from where', async () => {
      const page = await stage.open('/registry/audit');
      const first = page.locator('tbody tr', { hasText: 'WL-0006' }).first();
      await first.waitFor();
      expect(await first.innerText()).toMatch(
        /Đưa vào sử dụng lại[\s\S]*Người trực tại máy[\s\S]*127\.0\.0\.1/,
      );
      await page.close();
    });

    it('sent nothing outside and broke no policy', () => {
      expect(stage.faults).toEqual([]);
    });
  },
);
