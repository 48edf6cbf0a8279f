/**
 * Unpacks the Chromium that comes as a package, once, for the tests and benchmarks of the page:
 *
 *   node scripts/unpack-browser.ts
 *
 * The package itself would do so with every start, into the temporary folder of the system, where a second one finds a
 * file that is only half there, or that the first still holds open for writing (`ETXTBSY`).
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const FONTS_FILE = 'fonts.conf';
const PACKAGES = fileURLToPath(new URL('../node_modules', import.meta.url));

/** Where the unpacked browser lies; it goes with the packages. Another version has another folder. */
function browserFolder(): string {
  const { version } = JSON.parse(readFileSync(join(PACKAGES, '@sparticuz/chromium/package.json'), 'utf8'));
  return join(PACKAGES, '.cache/tallystream', `chromium-${version}`);
}

/**
 * The path of the browser, which is unpacked if it was not before. That is done in a process of its own: whatever this one
 * starts meanwhile would inherit the file that is being written.
 */
export function browserPath(): string {
  const path = join(browserFolder(), 'chromium');
  if (existsSync(path)) return path;
  const { status, stderr } = spawnSync(process.execPath, [fileURLToPath(import.meta.url)], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`the browser cannot be unpacked: ${stderr}`);
  return path;
}

/**
 * The environment that the packaged browser needs: its own libraries and fonts, where the machine has none. (Those of
 * the machine come first: they are made for its version of libc.)
 */
export function browserEnvironment(path: string): Record<string, string> {
  const folder = dirname(path);
  const needsLibraries = spawnSync(path, ['--version'], { stdio: 'ignore' }).status !== 0;
  return {
    ...(needsLibraries && { LD_LIBRARY_PATH: join(folder, 'al2023/lib') }),
    ...(!existsSync('/etc/fonts/fonts.conf') && { FONTCONFIG_FILE: join(folder, FONTS_FILE) }),
  };
}

function describeFonts(folder: string): string {
  const places = `<dir>${join(folder, 'fonts')}</dir><cachedir>${join(folder, 'fonts-cache')}</cachedir>`;
  return `<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "fonts.dtd">\n<fontconfig>${places}</fontconfig>\n`;
}

async function unpack(): Promise<void> {
  const folder = browserFolder();
  if (existsSync(folder)) return;
  mkdirSync(join(folder, '..'), { recursive: true });
  const unfinished = mkdtempSync(`${folder}-`);
  try {
    // The package looks there for where to put it.
    process.env['TMPDIR'] = unfinished;
    const { default: chromium, inflate } = await import('@sparticuz/chromium');
    await chromium.executablePath();
    // The libraries that it needs, of Amazon Linux 2023; by itself the package takes them out there only.
    await inflate(join(PACKAGES, '@sparticuz/chromium/bin/al2023.tar.br'));
    // The package's own names the places of Amazon's.
    writeFileSync(join(unfinished, FONTS_FILE), describeFonts(folder));
    renameSync(unfinished, folder);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    // Somebody else was faster.
    if (!existsSync(folder)) throw error;
  }
}

if (import.meta.main) await unpack();
