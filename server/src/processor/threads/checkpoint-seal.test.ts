import { expect, test } from 'vitest';
import { CheckpointSeal } from './checkpoint-seal.ts';

const STATE = Buffer.from('a state of any length');
const invalid = expect.objectContaining({ code: 'CHECKPOINT_INVALID' });

test('a state comes back as it was, to any server with the key', () => {
  const sealed = new CheckpointSeal('one key').seal(STATE);
  expect(Buffer.from(new CheckpointSeal('one key').open(sealed))).toEqual(STATE);
});

test('nothing else is opened: another key, no seal, any byte changed, cut or added', () => {
  const seal = new CheckpointSeal('one key');
  const sealed = seal.seal(STATE);
  expect(() => new CheckpointSeal('another key').open(sealed)).toThrow(invalid);
  expect(() => seal.open(new CheckpointSeal('').seal(STATE))).toThrow(invalid);
  for (let at = 0; at < sealed.length; at++) {
    const forged = Uint8Array.from(sealed);
    forged[at]! ^= 1;
    expect(() => seal.open(forged)).toThrow(invalid);
    expect(() => seal.open(sealed.subarray(0, at))).toThrow(invalid);
  }
  expect(() => seal.open(Buffer.concat([sealed, Buffer.alloc(1)]))).toThrow(invalid);
});

test('without a key states have no seal', () => {
  const open = new CheckpointSeal('');
  expect(open.open(open.seal(STATE))).toEqual(STATE);
});
