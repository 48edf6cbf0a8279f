/** `/readyz` of a gateway is a question to its processors, with their answer. */

import { Code, ConnectError, createClient } from '@connectrpc/connect';
import { createGrpcTransport } from '@connectrpc/connect-node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Health, HealthCheckResponse_ServingStatus as Status } from '#gen/health/v1/health_pb.ts';
import { ProcessorService } from '#gen/tallystream/v1/processor_pb.ts';
import { closedPort } from './support/closed-port.ts';
import { ServerProcess } from './support/server-process.ts';

let processor: ServerProcess;
const KEY = 'the/right?key#1';

beforeAll(async () => {
  processor = await ServerProcess.start({ ROLE: 'processor', API_KEYS: KEY });
});
afterAll(() => processor[Symbol.asyncDispose]());

function gatewayOf(...urls: string[]): Promise<ServerProcess> {
  return ServerProcess.start({ ROLE: 'gateway', PROCESSOR_URL: urls.join(',') });
}

function withKey(key: string): string {
  return processor.url.replace('//', `//:${encodeURIComponent(key)}@`);
}

async function* noRequests() {}

async function readyz(gateway: ServerProcess): Promise<{ status: number; text: string }> {
  const response = await fetch(`${gateway.url}/readyz`);
  return { status: response.status, text: await response.text() };
}

test('a processor that refuses the key takes no work, and the answer and the log say so', async () => {
  await using gateway = await gatewayOf(withKey('another-key'));
  const { status, text } = await readyz(gateway);
  expect(status).toBe(503);
  expect(text).toContain("rejects this gateway's key");
  expect(text).not.toContain(new URL(processor.url).host);
  expect(gateway.log.join('\n')).toContain("rejects this gateway's key");
  const health = createClient(Health, createGrpcTransport({ baseUrl: gateway.url }));
  expect((await health.check({})).status).toBe(Status.NOT_SERVING);
});

test('a processor that is not there takes no work; one of two is enough', async () => {
  const nobody = `http://127.0.0.1:${await closedPort()}`;
  await using alone = await gatewayOf(nobody);
  expect(await readyz(alone)).toEqual({ status: 503, text: expect.stringContaining('cannot be reached') });
  const call = createClient(ProcessorService, createGrpcTransport({ baseUrl: alone.url })).processCsv(noRequests());
  const refusal = ConnectError.from(
    await call[Symbol.asyncIterator]()
      .next()
      .catch((error) => error),
  );
  expect(refusal.code).toBe(Code.Unavailable);
  // Where a processor is looked for is nobody else's business.
  expect(refusal.rawMessage).not.toMatch(/ECONN|127\.0\.0\.1|\d{4}|\//);
  await using pair = await gatewayOf(nobody, withKey(KEY));
  expect((await readyz(pair)).status).toBe(200);
});

test('a processor that hangs takes no work, until it goes on', async () => {
  await using gateway = await gatewayOf(withKey(KEY));
  expect((await readyz(gateway)).status).toBe(200);
  process.kill(processor.pid, 'SIGSTOP');
  try {
    let answer = await readyz(gateway);
    while (answer.status === 200) answer = await readyz(gateway);
    expect(answer).toEqual({ status: 503, text: expect.stringContaining('did not answer') });
  } finally {
    process.kill(processor.pid, 'SIGCONT');
  }
  let answer = await readyz(gateway);
  while (answer.status === 503) answer = await readyz(gateway);
  expect(answer.status).toBe(200);
});
