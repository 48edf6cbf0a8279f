/** The server survives any input at the port: as it was, with right totals, and without growing. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { Random } from '../../generator/src/random.ts';
import { gatewayClient, totalsOf } from './support/clients.ts';
import { closed } from './support/closed.ts';
import { below, hostileBytes } from './support/hostile-traffic.ts';
import { residentKb } from './support/processes.ts';
import { SALES, SALES_TOTALS } from './support/sales.ts';
import { ServerProcess } from './support/server-process.ts';

const BUDGET_MS = 30_000;
const CONNECTIONS_AT_ONCE = 8;
const CHECK_EVERY = 500;
/** A server that waits for more, as it may, is left after this. */
const PATIENCE_MS = 300;
/** Three times what all processes may take with an upload of 5 GB: dozens of jobs run, and end, at once. */
const MAX_MEMORY_KB = 3 * 300 * 1024;

/** Makes one client out of a seed: what it writes, in which pieces, and how it goes away. */
async function attack(url: string, seed: number, uploadPath: string): Promise<void> {
  const random = new Random(seed);
  const bytes = hostileBytes(random, uploadPath);
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), noDelay: true });
  const timer = setTimeout(() => socket.destroy(), PATIENCE_MS);
  const left = closed(socket);
  // Answers and errors of the server are of no interest.
  socket.on('error', () => {}).resume();
  await Promise.race([once(socket, 'connect').catch(() => {}), left]);
  for (let at = 0; at < bytes.length && socket.writable; ) {
    const end = below(random, 3) === 0 ? at + 1 + below(random, 200) : bytes.length;
    socket.write(bytes.subarray(at, end));
    at = end;
    await new Promise((resolve) => setImmediate(resolve));
  }
  const farewell = below(random, 3);
  if (farewell === 0) socket.resetAndDestroy();
  else if (farewell === 1) socket.end();
  await left;
  clearTimeout(timer);
}

function memoryKb(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + residentKb(pid), 0);
}

test('random, mutated and flooding clients of HTTP/1.1 and HTTP/2 harm nothing', { timeout: 180_000 }, async () => {
  const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 2 ** 31);
  await using server = await ServerProcess.start({ MAX_UPLOAD_BYTES: '50MB' });
  const processor = server.processorPid();
  const { job } = await gatewayClient(server.url).createJob({ filename: 'target.csv', sizeBytes: 1_000_000n });
  const uploadPath = job?.uploadUrl ?? '';

  const check = async (count: number) => {
    const place = `FUZZ_SEED=${seed}, after ${count} connections; log: ${server.log.slice(-20).join('\n')}`;
    const health = await fetch(`${server.url}/healthz`).catch((error) => error);
    expect(health.status, place).toBe(200);
    expect(await totalsOf(server.url, SALES), place).toBe(SALES_TOTALS);
    expect(server.processorPid(), place).toBe(processor);
    // 50 is an error of the server's own in pino's terms.
    expect(
      server.log.filter((line) => /uncaught|unhandled|"level":[56]0/i.test(line)),
      place,
    ).toEqual([]);
    expect(memoryKb([server.pid, processor]), place).toBeLessThan(MAX_MEMORY_KB);
  };

  const end = performance.now() + BUDGET_MS;
  let count = 0;
  while (performance.now() < end) {
    const next = count + CHECK_EVERY;
    const work = async () => {
      while (count < next && performance.now() < end) await attack(server.url, seed + count++, uploadPath);
    };
    await Promise.all(Array.from({ length: CONNECTIONS_AT_ONCE }, work));
    await check(count);
  }
  expect(count).toBeGreaterThan(CHECK_EVERY);
});
