import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chromium, type Browser, type Page } from 'playwright-core';

const browserPath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';

/** Why the page tests cannot run here; null when they can. */
export const missing = !existsSync(browserPath)
  ? `no browser at ${browserPath}`
  : !existsSync('dist/index.html')
    ? 'the pages are not built'
    : null;

/** A mock server of its own and a browser; both end with the tests. */
export class Stage {
  origin = '';
  /** What must not happen: script errors, refused styles, requests that leave the origin. */
  readonly faults: string[] = [];
  private server: ChildProcess | null = null;
  private browser: Browser | null = null;

  async raise(): Promise<void> {
    const server = spawn(process.execPath, ['dev/mock-server.mjs', '0'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.server = server;
    this.origin = await new Promise((told) =>
      server.stdout.once('data', (line: Buffer) => told(String(line).trim())),
    );
    this.browser = await chromium.launch({ executablePath: browserPath, args: ['--no-sandbox'] });
  }

  async strike(): Promise<void> {
    await this.browser?.close();
    this.server?.kill();
  }

  async open(path: string, size = { width: 1280, height: 800 }): Promise<Page> {
    const page = await this.browser!.newPage({ viewport: size });
    page.on('request', (request) => {
      if (!request.url().startsWith(this.origin)) this.faults.push(`left the origin: ${request.url()}`);
    });
    page.on('pageerror', (error) => this.faults.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error' && /Content Security Policy/i.test(message.text()))
        this.faults.push(message.text());
    });
    await page.goto(this.origin + path);
    await page.locator('.topbar .live[data-link="live"]').waitFor();
    return page;
  }

  async tell(command: string): Promise<string> {
    return (await fetch(`${this.origin}/mock/${command}`, { method: 'POST' })).text();
  }
}
