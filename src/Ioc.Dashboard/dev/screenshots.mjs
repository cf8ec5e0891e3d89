// Pictures of every page for a person to look at, and what a person does not see: requests that leave the origin,
// refused inline styles, script errors, sideways scrolling, accessibility findings.
// node dev/screenshots.mjs http://127.0.0.1:8080 OUT [device id]
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

const [origin = 'http://127.0.0.1:8080', out = 'shots', device = 'CS-0002'] = process.argv.slice(2);
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
mkdirSync(out, { recursive: true });

const sizes = { desk: { width: 1920, height: 1080 }, phone: { width: 390, height: 844 } };
const pages = {
  overview: '/',
  zone: '/?zone=quy-nhon',
  list: '/?view=list',
  alarms: '/alarms',
  devices: '/devices',
  device: `/devices/${device}`,
  profiles: '/profiles',
  quarantine: '/quarantine?group=1f2e3d4c5b6a&offset=31',
  system: '/system',
  registry: '/registry',
  import: '/registry/import',
  firmware: '/registry/firmware',
  audit: '/registry/audit',
};

const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--font-render-hinting=none'],
});
let faults = 0;
const fault = (...words) => {
  faults++;
  console.log('FAULT', ...words);
};

for (const [size, viewport] of Object.entries(sizes)) {
  for (const theme of size === 'desk' ? ['dark', 'light'] : ['dark']) {
    const context = await browser.newContext({ viewport, hasTouch: size === 'phone' });
    await context.addInitScript((chosen) => localStorage.setItem('ioc.theme', chosen), theme);
    const page = await context.newPage();
    page.on(
      'request',
      (request) =>
        request.url().startsWith(origin) ||
        request.url().startsWith('blob:') ||
        fault('left the origin', request.url()),
    );
    page.on('console', (message) => ['error', 'warning'].includes(message.type()) && fault(message.text()));
    page.on('pageerror', (error) => fault(String(error)));
    for (const [name, path] of Object.entries(pages)) {
      await page.goto(origin + path);
      await page.waitForTimeout(2500);
      if (name === 'alarms') {
        await page.locator('.row').nth(1).click();
        await page.waitForTimeout(1200);
      }
      if (name === 'zone') {
        await page.locator('.mappanel').scrollIntoViewIfNeeded();
        await page.waitForTimeout(1500);
        const box = await page.locator('.map .canvas').boundingBox();
        if (box) await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
        await page.waitForTimeout(400);
      }
      const sideways = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      if (sideways > 0) fault(size, name, 'scrolls sideways by', sideways);
      await page.evaluate(axe);
      const { violations } = await page.evaluate(() =>
        globalThis.axe.run(document, {
          runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
        }),
      );
      for (const { id, nodes } of violations)
        fault(
          'axe',
          size,
          theme,
          name,
          id,
          nodes.length,
          nodes[0].html.slice(0, 160),
          nodes[0].failureSummary?.split('\n')[1],
        );
      await page.screenshot({ path: `${out}/${size}-${theme}-${name}.png` });
    }
    await context.close();
  }
}
await browser.close();
console.log(faults === 0 ? 'no faults' : `${faults} faults`);
process.exitCode = faults === 0 ? 0 : 1;
