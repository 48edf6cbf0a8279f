import { create } from '@bufbuild/protobuf';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ListTotalsRequest } from '#gen/tallystream/v1/gateway_pb.ts';
import { TotalSchema } from '#gen/tallystream/v1/processor_pb.ts';
import type { Gateway } from '../api/gateway.ts';
import { mostLoadedGroups } from '../groups/all-totals.ts';
import { joinKeys } from '../groups/groups.ts';
import { compareSums } from './comparison.ts';
import { leadingGroups, loadSums, type SumsOf } from './load-sums.ts';

type Result = readonly { keys: readonly string[]; sum: string }[];
type Asked = Pick<ListTotalsRequest, 'jobId' | 'pageSize' | 'pageToken'> &
  Partial<Pick<ListTotalsRequest, 'orderBy' | 'search'>> & { keys?: { index: number; values: string[] }[] };

/** A gateway that has results, and remembers what it was asked. Its pages are as small as they are wanted to be. */
function gatewayOf(results: Record<string, Result>, largestPage = 10_000) {
  const asked: Asked[] = [];
  const listTotals = async (request: Asked) => {
    asked.push(request);
    const { jobId, keys = [], search = '', orderBy = '', pageSize, pageToken } = request;
    expect(keys.reduce((count, { values }) => count + values.length, 0)).toBeLessThanOrEqual(1000);
    const found = (results[jobId] ?? []).filter(
      (total) =>
        keys.every(({ index, values }) => values.includes(total.keys[index] ?? '')) &&
        total.keys.join(' ').toLowerCase().includes(search.toLowerCase()),
    );
    if (orderBy === 'sum desc') found.sort((a, b) => Number(b.sum) - Number(a.sum));
    const from = Number(pageToken || 0);
    const next = from + Math.min(pageSize, largestPage);
    return {
      totals: found
        .slice(from, next)
        .map(({ keys: [first = '', ...more], sum }) =>
          create(TotalSchema, { department: first, keys: more.length > 0 ? [first, ...more] : [], sum }),
        ),
      nextPageToken: next < found.length ? String(next) : '',
      totalSize: found.length,
    };
  };
  return { gateway: { listTotals } as unknown as Gateway, asked };
}

const side = (jobId: string, size: number, places = [0]): SumsOf => ({ jobId, size, amount: 0, places });
const load = (gateway: Gateway, here: SumsOf, there: SumsOf, search = '') =>
  loadSums(here, there, search, { gateway, signal: new AbortController().signal, onLoaded: () => {} });
/** Pretends that a result is too large to be loaded as a whole. */
const tooLarge = mostLoadedGroups + 1;

describe('loadSums', () => {
  it('loads all pages of both sides, with the keys of the other in the order of the first', async () => {
    const { gateway } = gatewayOf(
      {
        a: [
          { keys: ['North', '2026-01'], sum: '1' },
          { keys: ['South', '2026-01'], sum: '2' },
          { keys: ['South', '2026-02'], sum: '3' },
        ],
        b: [
          { keys: ['2026-01', 'South'], sum: '5' },
          { keys: ['2026-02', 'East'], sum: '7' },
        ],
      },
      2,
    );
    const counts: number[] = [];
    const loaded = await loadSums(side('a', 3, [0, 1]), side('b', 2, [1, 0]), 'ignored', {
      gateway,
      signal: new AbortController().signal,
      onLoaded: (count) => counts.push(count),
    });
    expect(loaded).toEqual({
      here: [
        { keys: ['North', '2026-01'], sum: '1' },
        { keys: ['South', '2026-01'], sum: '2' },
        { keys: ['South', '2026-02'], sum: '3' },
      ],
      there: [
        { keys: ['South', '2026-01'], sum: '5' },
        { keys: ['East', '2026-02'], sum: '7' },
      ],
      isWhole: true,
      leftOut: 0,
    });
    expect(counts).toEqual([2, 3, 5]);
  });

  it('looks leading groups up on the other side where one side is too large, so that none seems to be missing', async () => {
    // The leading ones here are the last there, and the other way round; every tenth is missing on one side.
    const count = leadingGroups * 3;
    const name = (at: number) => `Group ${at}`;
    const all = Array.from({ length: count }, (_, at) => at);
    const a = all.filter((at) => at % 10 !== 1).map((at) => ({ keys: [name(at)], sum: String(count - at) }));
    const b = all.filter((at) => at % 10 !== 2).map((at) => ({ keys: [name(at)], sum: String(at) }));
    const { gateway, asked } = gatewayOf({ a, b }, 300);
    const loaded = await load(gateway, side('a', tooLarge), side('b', count));
    expect(loaded.isWhole).toBe(false);
    const { rows } = compareSums(loaded.here, loaded.there);
    const [sumsOfA, sumsOfB] = [a, b].map((sums) => new Map(sums.map(({ keys, sum }) => [keys[0], BigInt(sum)])));
    expect(rows).toHaveLength(2 * leadingGroups);
    for (const { keys, here, there } of rows) {
      expect([here, there]).toEqual([sumsOfA?.get(keys[0]), sumsOfB?.get(keys[0])]);
    }
    const shown = new Set(rows.map(({ keys }) => keys[0]));
    expect(a.slice(0, leadingGroups).every(({ keys }) => shown.has(keys[0]))).toBe(true);
    expect(b.slice(-leadingGroups).every(({ keys }) => shown.has(keys[0]))).toBe(true);
    // Bounded, however large the results are.
    expect(asked.length).toBeLessThan(20);
  });

  it('says the same of every group as both results, whatever the keys', async () => {
    const key = fc.constantFrom('', 'a', 'b', 'c', 'A', '","');
    const result = fc.uniqueArray(
      fc.record({ keys: fc.tuple(key, key), sum: fc.integer({ min: -50, max: 50 }).map(String) }),
      { selector: ({ keys }) => joinKeys(keys) },
    );
    await fc.assert(
      fc.asyncProperty(result, result, fc.constantFrom('', 'a'), async (a, b, search) => {
        const { gateway } = gatewayOf({ a, b: b.map(({ keys, sum }) => ({ keys: keys.toReversed(), sum })) }, 3);
        const loaded = await load(gateway, side('a', tooLarge, [0, 1]), side('b', 5, [1, 0]), search);
        const { rows } = compareSums(loaded.here, loaded.there);
        const sumIn = (sums: Result, keys: readonly string[]) => {
          const total = sums.find((candidate) => joinKeys(candidate.keys) === joinKeys(keys));
          return total && BigInt(total.sum);
        };
        for (const { keys, here, there } of rows) expect([here, there]).toEqual([sumIn(a, keys), sumIn(b, keys)]);
        const wanted = new Set(
          [...a, ...b]
            .filter(({ keys }) => keys.join(' ').toLowerCase().includes(search))
            .map(({ keys }) => joinKeys(keys)),
        );
        // The other side has its keys in another order, in which the search may find others.
        expect(rows.filter(({ keys }) => wanted.has(joinKeys(keys)))).toHaveLength(wanted.size);
      }),
      { numRuns: 100 },
    );
  });

  it('leaves out and counts what cannot be looked up', async () => {
    const long = 'x'.repeat(20_000);
    const { gateway } = gatewayOf({
      a: [
        { keys: [long], sum: '9' },
        { keys: ['a'], sum: '1' },
      ],
      b: [],
    });
    const loaded = await load(gateway, side('a', tooLarge), side('b', 0));
    expect(loaded).toEqual({ here: [{ keys: ['a'], sum: '1' }], there: [], isWhole: false, leftOut: 1 });
  });
});
