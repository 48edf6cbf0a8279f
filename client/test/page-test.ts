/// <reference lib="dom" />
/** The base of all tests of the page: a server, a browser, a folder for files, and pages whose complaints are heard. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { ServerProcess } from '../../server/test/support/server-process.ts';
import { launchBrowser } from './browser.ts';

/** Where screenshots go; not part of the repository. */
export const SCREENSHOTS = 'test-output/screenshots';

export class PageTest implements AsyncDisposable {
  readonly server: ServerProcess;
  readonly browser: Browser;
  readonly #folder: string;

  private constructor(server: ServerProcess, browser: Browser, folder: string) {
    this.server = server;
    this.browser = browser;
    this.#folder = folder;
  }

  /** @param environment of the server */
  static async start(environment: Record<string, string> = {}): Promise<PageTest> {
    await mkdir(SCREENSHOTS, { recursive: true });
    const folder = await mkdtemp(join(tmpdir(), 'tallystream-page-'));
    const [server, browser] = await Promise.all([ServerProcess.start(environment), launchBrowser()]);
    return new PageTest(server, browser, folder);
  }

  /** A page in a context of its own. `troubles` gets every error, and what the content security policy has stopped. */
  async open(options: BrowserContextOptions = {}, url = this.server.url): Promise<{ page: Page; troubles: string[] }> {
    const context = await this.browser.newContext({
      locale: 'en-US',
      viewport: { width: 1440, height: 900 },
      ...options,
    });
    const page = await context.newPage();
    const troubles: string[] = [];
    page.on('pageerror', (error) => troubles.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error') troubles.push(message.text());
    });
    await page.goto(url);
    return { page, troubles };
  }

  /** Writes a file that can be chosen, and says where it is. */
  async file(name: string, content: string | Uint8Array): Promise<string> {
    const path = join(this.#folder, name);
    await mkdir(join(path, '..'), { recursive: true });
    await writeFile(path, content);
    return path;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.browser.close();
    await this.server[Symbol.asyncDispose]();
    await rm(this.#folder, { recursive: true });
  }
}

/** The state of the job that a page shows. */
export function shownState(page: Page) {
  return page.getByRole('main').getByRole('status').first();
}

/** Chooses a file on the start page and waits until it can be started. */
export async function choose(page: Page, path: string): Promise<void> {
  await page.getByLabel('Choose a CSV file').setInputFiles(path);
  await page.getByRole('button', { name: 'Start' }).waitFor();
}

/** Chooses the column of a part of the question: `Sum of` or `Group by`. */
export async function chooseColumn(page: Page, part: string, column: string): Promise<void> {
  await page
    .getByRole('button', { name: `${part}: ` })
    .first()
    .click();
  await page
    .getByRole('option')
    .filter({ has: page.getByText(column, { exact: true }) })
    .click();
}

/** Chooses a file, starts it, and gives the id of its job. */
export async function startJob(page: Page, path: string): Promise<string> {
  await choose(page, path);
  await page.getByRole('button', { name: 'Start' }).click();
  await page.waitForURL(/#\/jobs\//);
  return page.url().split('/').at(-1) ?? '';
}

/** Lets a page send no more than so many bytes a second. */
export async function slowDown(page: Page, uploadBytesPerSecond: number): Promise<void> {
  const network = await page.context().newCDPSession(page);
  await network.send('Network.enable');
  await network.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: 0,
    downloadThroughput: -1,
    uploadThroughput: uploadBytesPerSecond,
  });
}
