import { describe, expect, it } from 'vitest';
import { makeLatest, stale } from './latest.ts';

describe('makeLatest', () => {
  it('hands on the answer of a task that nothing overtook', async () => {
    expect(await makeLatest().run(async () => 1)).toBe(1);
  });

  it('drops the answer of an older task, even if it comes last', async () => {
    const latest = makeLatest();
    const older = Promise.withResolvers<string>();
    const first = latest.run(() => older.promise);
    expect(await latest.run(async () => 'new')).toBe('new');
    older.resolve('old');
    expect(await first).toBe(stale);
  });

  it('aborts the older task and drops its failure', async () => {
    const latest = makeLatest();
    const first = latest.run(
      (signal) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    );
    await latest.run(async () => 'new');
    expect(await first).toBe(stale);
  });

  it('lets the failure of the newest task through', async () => {
    await expect(
      makeLatest().run(async () => {
        throw new Error('broken');
      }),
    ).rejects.toThrow('broken');
  });

  it('stops', async () => {
    const latest = makeLatest();
    const task = Promise.withResolvers<string>();
    const running = latest.run(() => task.promise);
    latest.stop();
    task.resolve('late');
    expect(await running).toBe(stale);
  });
});
