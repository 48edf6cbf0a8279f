import { create } from '@bufbuild/protobuf';
import { createRoot, createSignal } from 'solid-js';
import { expect, it } from 'vitest';
import { TotalSchema } from '#gen/tallystream/v1/processor_pb.ts';
import { eventually } from '../../test/eventually.ts';
import type { Gateway } from '../api/gateway.ts';
import { createAllTotals } from './all-totals.ts';

it('all pages are one list once the last is there, and a page that fails can be asked for again', async () => {
  const server = { isDown: true };
  const asked: string[] = [];
  const listTotals = async ({ jobId, pageToken }: { jobId: string; pageToken: string }) => {
    asked.push(`${jobId}/${pageToken}`);
    if (server.isDown && pageToken !== '') throw new Error('down');
    const totals = [create(TotalSchema, { department: `${jobId}${pageToken}` })];
    return { totals, nextPageToken: pageToken === '' ? '2' : '' };
  };
  await createRoot(async (dispose) => {
    const [id, setId] = createSignal<string | undefined>();
    const all = createAllTotals({ listTotals } as unknown as Gateway, id);
    expect(asked).toEqual([]);
    setId('a');
    await eventually(() => expect(all.error()).not.toBe(''));
    expect([all.loaded(), all.totals()]).toEqual([1, undefined]);
    server.isDown = false;
    all.again();
    await eventually(() => expect(all.totals()?.map(({ department }) => department)).toEqual(['a', 'a2']));
    expect(all.error()).toBe('');
    setId('b');
    expect(all.totals()).toBeUndefined();
    await eventually(() => expect(all.totals()?.map(({ department }) => department)).toEqual(['b', 'b2']));
    dispose();
  });
});
