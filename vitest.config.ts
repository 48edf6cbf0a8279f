import { defineConfig } from 'vitest/config';

/** Polls wait long enough for a machine under load. */
const EXPECT = { poll: { timeout: 30_000 } };

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          environment: 'node',
          expect: EXPECT,
          include: [
            'kernel/**/*.test.ts',
            'server/src/**/*.test.ts',
            'terminal/**/*.test.ts',
            'generator/**/*.test.ts',
            'bench/**/*.test.ts',
          ],
          // Two at once are faster, and each of them slower.
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
          testTimeout: 180_000,
        },
      },
      {
        // Node would get the Solid that renders on servers, in which nothing reacts.
        ssr: { resolve: { conditions: ['browser', 'module', 'import', 'default'] } },
        test: {
          name: 'page',
          environment: 'node',
          expect: EXPECT,
          include: ['client/src/**/*.test.ts'],
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
          testTimeout: 60_000,
          server: { deps: { inline: [/solid-js/] } },
        },
      },
      {
        test: {
          name: 'integration',
          environment: 'node',
          expect: EXPECT,
          include: ['server/test/**/*.test.ts', 'cli/test/**/*.test.ts'],
          // They wait more than they work; those of the browser take turns with them.
          maxWorkers: 3,
          sequence: { groupOrder: 1 },
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'browser',
          environment: 'node',
          expect: EXPECT,
          include: ['client/test/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          maxWorkers: 3,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
