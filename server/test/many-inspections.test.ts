/** Many samples whose columns are to be found, beside clients that want something small. */
import { expect, test } from 'vitest';
import { gatewayClient, totalsOf } from './support/clients.ts';
import { SALES, SALES_TOTALS } from './support/sales.ts';
import { serverStarter } from './support/servers.ts';

const INSPECTIONS = 100;
/** Many delimiters fit, so that much is tried. */
const SAMPLE = Buffer.from('a;b;c;d,e|f,1;2\n'.repeat(4_000));
const KEYS = ['greedy-key-1234567890', 'modest-key-1234567890'] as const;
const show = (key: string) => ({ authorization: `Bearer ${key}` });

const start = serverStarter();

test('an upload does not wait for a hundred inspections', async () => {
  const server = await start();
  const client = gatewayClient(server.url);
  let answered = 0;
  const inspections = Array.from({ length: INSPECTIONS }, async () => {
    const { dialect } = await client.inspectCsv({ sample: SAMPLE });
    answered++;
    return dialect?.delimiter;
  });
  expect(await totalsOf(server.url, SALES)).toBe(SALES_TOTALS);
  const before = answered;
  const delimiters = await Promise.all(inspections);
  expect(new Set(delimiters).size).toBe(1);
  expect(before).toBeLessThan(INSPECTIONS);
});

test('an inspection does not wait for a hundred of another caller', async () => {
  const server = await start({ API_KEYS: KEYS.join(',') });
  let answered = 0;
  const greedy = gatewayClient(server.url, show(KEYS[0]));
  const inspections = Array.from({ length: INSPECTIONS }, async () => {
    await greedy.inspectCsv({ sample: SAMPLE });
    answered++;
  });
  await expect.poll(() => answered).toBeGreaterThan(0);
  await gatewayClient(server.url, show(KEYS[1])).inspectCsv({ sample: SAMPLE });
  const before = answered;
  await Promise.all(inspections);
  expect(before).toBeLessThan(INSPECTIONS / 2);
});

test('an inspection that is given up while it waits is forgotten', async () => {
  const server = await start();
  const client = gatewayClient(server.url);
  const givenUp = new AbortController();
  const inspections = Array.from({ length: INSPECTIONS }, () =>
    client.inspectCsv({ sample: SAMPLE }, { signal: givenUp.signal }),
  );
  const outcomes = Promise.allSettled(inspections);
  await Promise.race(inspections);
  givenUp.abort();
  expect((await outcomes).filter(({ status }) => status === 'rejected').length).toBeGreaterThan(0);
  const { dialect } = await client.inspectCsv({ sample: Buffer.from(SALES) });
  expect(dialect?.delimiter).toBe(',');
});
