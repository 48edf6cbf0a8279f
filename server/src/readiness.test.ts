import { expect, test } from 'vitest';
import { createLog } from './log.ts';
import { notReady, READY, type Readiness, sharedReadiness } from './readiness.ts';

const log = createLog('silent', 'test');

test('many who ask at once, and soon after, share one question', async () => {
  let asked = 0;
  let nowMs = 0;
  const answer = Promise.withResolvers<Readiness>();
  const isReady = sharedReadiness(
    () => {
      asked++;
      return answer.promise;
    },
    log,
    () => nowMs,
  );
  const answers = Array.from({ length: 1000 }, isReady);
  answer.resolve(notReady('no room'));
  expect(new Set(await Promise.all(answers))).toEqual(new Set([notReady('no room')]));
  nowMs = 400;
  await isReady();
  expect(asked).toBe(1);
  nowMs = 600;
  await isReady();
  expect(asked).toBe(2);
});

test('the log tells of changes, not of every answer', async () => {
  const lines: unknown[] = [];
  const answers = [READY, notReady('a'), notReady('a'), READY, READY];
  let nowMs = 0;
  const record = (...line: unknown[]) => void lines.push(line);
  const isReady = sharedReadiness(
    async () => answers.shift() ?? READY,
    { warn: record, info: record } as never,
    () => (nowMs += 1000),
  );
  for (let count = 0; count < 5; count++) await isReady();
  expect(lines).toEqual([[{ reason: 'a' }, 'not ready'], ['ready again']]);
});

test('a question that fails is no way to learn of the inside', async () => {
  const isReady = sharedReadiness(() => Promise.reject(new Error('/secret/path')), log);
  expect(JSON.stringify(await isReady())).not.toContain('secret');
});
