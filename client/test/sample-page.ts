import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { build, type PreviewServer, preview } from 'vite';
import type { Scene } from '../src/dev/sample-gateway.ts';
import { launchBrowser } from './browser.ts';

const CLIENT = fileURLToPath(new URL('..', import.meta.url));

/** The page over a gateway that lives in it, with jobs in every state: for what a real server does too rarely. */
export class SamplePage implements AsyncDisposable {
  readonly browser: Browser;
  readonly #server: PreviewServer;
  readonly #folder: string;

  private constructor(browser: Browser, server: PreviewServer, folder: string) {
    this.browser = browser;
    this.#server = server;
    this.#folder = folder;
  }

  static async start(): Promise<SamplePage> {
    const folder = await mkdtemp(join(tmpdir(), 'tallystream-sample-'));
    const configFile = join(CLIENT, 'vite.config.ts');
    const rolldownOptions = { input: join(CLIENT, 'states.html') };
    await build({ configFile, logLevel: 'error', build: { outDir: folder, rolldownOptions } });
    const server = await preview({ configFile, build: { outDir: folder }, preview: { port: 0, host: '127.0.0.1' } });
    return new SamplePage(await launchBrowser(), server, folder);
  }

  /** A page in a context of its own, at a place in it. `troubles` gets every error. */
  async open(hash = '#/', scene: Scene = 'all'): Promise<{ page: Page; troubles: string[] }> {
    const context = await this.browser.newContext({ locale: 'en-US', viewport: { width: 1440, height: 900 } });
    const page = await context.newPage();
    const troubles: string[] = [];
    page.on('pageerror', (error) => troubles.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error') troubles.push(message.text());
    });
    await page.goto(new URL(`states.html?scene=${scene}${hash}`, this.#server.resolvedUrls?.local[0]).href);
    return { page, troubles };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.browser.close();
    await this.#server.close();
    await rm(this.#folder, { recursive: true });
  }
}
