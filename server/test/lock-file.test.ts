/** The lock file says of every package which bytes it has, so that no registry or mirror can give others. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

interface Package {
  version: string;
  integrity?: string;
  resolved?: string;
  link?: boolean;
  hasInstallScript?: boolean;
}

const read = (name: string) => JSON.parse(readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8'));
const { packages } = read('package-lock.json') as { packages: Record<string, Package> };
const installed = Object.entries(packages).filter(([path, { link }]) => path !== '' && !link);

test('every package has the hash of its bytes, those of other platforms too', () => {
  expect(installed.length).toBeGreaterThan(100);
  const without = installed.filter(([, { integrity = '' }]) => !/^sha512-[\w+/]{86}==$/.test(integrity));
  expect(without.map(([path]) => path)).toEqual([]);
});

test('packages come from the registry, not from addresses of their own', () => {
  const elsewhere = installed.filter(
    ([, { resolved }]) => resolved && !resolved.startsWith('https://registry.npmjs.org/'),
  );
  expect(elsewhere.map(([path]) => path)).toEqual([]);
});

test('of each package that would run something when it is installed it is decided whether it may', () => {
  const { allowScripts } = read('package.json') as { allowScripts: Record<string, boolean> };
  const scripts = installed.filter(([, { hasInstallScript }]) => hasInstallScript);
  const names = scripts.map(([path]) => path.split('node_modules/').at(-1) ?? '');
  expect([...new Set(names)].sort()).toEqual(Object.keys(allowScripts).sort());
  // It brings Node.js: see SECURITY.md.
  expect(Object.entries(allowScripts).filter(([, isAllowed]) => isAllowed)).toEqual([['node', true]]);
});
