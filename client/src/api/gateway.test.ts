import { afterEach, expect, it, vi } from 'vitest';
import { makeGateway, makeTransport } from './gateway.ts';

afterEach(() => vi.unstubAllGlobals());

it('lets a deletion and a cancellation outlive the page, and nothing else', async () => {
  const calls: [name: string | undefined, keepalive: boolean | undefined][] = [];
  vi.stubGlobal('location', { origin: 'http://127.0.0.1' });
  vi.stubGlobal('fetch', async (input: string, init: RequestInit) => {
    calls.push([String(input).split('/').at(-1), init.keepalive]);
    return new Response(new Uint8Array(0), { headers: { 'content-type': 'application/proto' } });
  });
  const gateway = makeGateway(makeTransport({ key: () => undefined } as never));
  await gateway.deleteJob({ id: 'a' });
  await gateway.cancelJob({ id: 'a' });
  await gateway.getJob({ id: 'a' });
  expect(calls).toEqual([
    ['DeleteJob', true],
    ['CancelJob', true],
    ['GetJob', false],
  ]);
});
