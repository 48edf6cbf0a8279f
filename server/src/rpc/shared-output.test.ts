import { compressionGzip } from '@connectrpc/connect-node';
import { expect, test } from 'vitest';
import { SharedMessage } from './shared-output.ts';

const LONG = 'a long message '.repeat(1_000);

test('a message is serialised and compressed once in each form, and all who want it share the bytes', async () => {
  const forms: string[] = [];
  const message = new SharedMessage((format) => {
    forms.push(format);
    return Buffer.from(LONG);
  });
  const ask = () => [message.frame('binary', undefined), message.frame('binary', compressionGzip)];
  const frames = await Promise.all([...ask(), ...ask(), message.frame('json', undefined)]);
  expect(forms).toEqual(['binary', 'json']);
  expect(frames[2]).toBe(frames[0]);
  expect(frames[3]).toBe(frames[1]);
  const [plain, packed] = frames as [Uint8Array, Uint8Array];
  expect([plain[0], packed[0]]).toEqual([0, 1]);
  expect(Buffer.from(plain.subarray(5)).toString()).toBe(LONG);
  expect(Buffer.from(await compressionGzip.decompress(packed.subarray(5), 1e6)).toString()).toBe(LONG);
});

test('a short message is not compressed', async () => {
  const message = new SharedMessage(() => Buffer.from('short'));
  expect(await message.frame('json', compressionGzip)).toBe(await message.frame('json', undefined));
});
