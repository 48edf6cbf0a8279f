import { expect, test } from 'vitest';
import { createListener } from './one-port.ts';

test('with TLS too, an upload by HTTP/1.1 takes as long as it takes, and a header does not', () => {
  // Without a certificate it could only not shake hands.
  const { server } = createListener(() => {}, {} as never);
  expect(server).toMatchObject({ requestTimeout: 0, headersTimeout: 30_000 });
});
