import chromium from '@sparticuz/chromium';
import { type Browser, chromium as playwright } from 'playwright-core';
import { browserEnvironment, browserPath } from '../../scripts/unpack-browser.ts';

/** Arguments of the packaged browser that would end it with its first page, or switch off what is tested. */
const UNWANTED = ['--single-process', '--no-zygote', '--disable-web-security'];

/** Starts a real Chromium: the one of `CHROMIUM` if that is set, else the one that comes as a package. */
export async function launchBrowser(): Promise<Browser> {
  const args = chromium.args.filter((arg) => !UNWANTED.includes(arg));
  const executablePath = process.env.CHROMIUM ?? browserPath();
  const environment = process.env.CHROMIUM ? {} : browserEnvironment(executablePath);
  const launch = () =>
    playwright.launch({
      executablePath,
      env: { ...process.env, ...environment },
      args: [...args, '--no-sandbox', '--disable-gpu', '--disable-background-networking'],
    });
  // Once in some hundred starts the packaged browser ends with a segmentation fault before it has a page.
  return await launch().catch(launch);
}
