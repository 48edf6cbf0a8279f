import { expect, test } from 'vitest';
import { Unanswered } from './unanswered.ts';

const at = (bytes: number) => ({ queued: false, bytes: BigInt(bytes) });

test('a call whose bytes are all answered is not being read', () => {
  const call = new Unanswered(0);
  call.progressed(at(0));
  expect(call.isBeingRead).toBe(false);
  call.sent(100);
  expect(call.isBeingRead).toBe(true);
  call.progressed(at(60));
  expect(call.isBeingRead).toBe(true);
  call.progressed(at(100));
  expect(call.isBeingRead).toBe(false);
  expect(call.provenAtBytes).toBe(100);
});

test('a checkpoint that is loaded, or asked for, is work', () => {
  const call = new Unanswered(50);
  call.progressed(at(0));
  expect(call.isBeingRead).toBe(true);
  call.progressed(at(50));
  expect(call.isBeingRead).toBe(false);
  call.asked();
  expect(call.isBeingRead).toBe(true);
  call.gotCheckpoint();
  expect(call.isBeingRead).toBe(false);
});

test('after the last byte only the result is an answer', () => {
  const call = new Unanswered(0);
  call.sent(10);
  call.progressed(at(10));
  call.sentAll();
  expect(call.isBeingRead).toBe(true);
  expect(call.provenAtBytes).toBe(Number.POSITIVE_INFINITY);
});

test('a call that waits for a thread is not being read, whatever was sent', () => {
  const call = new Unanswered(0);
  call.sent(10);
  call.progressed({ queued: true, bytes: 0n });
  expect(call.isBeingRead).toBe(false);
});
