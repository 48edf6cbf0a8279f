import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { KernelReject, KernelTotal, ReadPlan } from '../kernel.ts';
import { code } from '../testing/kernel-case.ts';
import { withinBudget } from '../testing/property-budget.ts';
import {
  anyAmountsPlan,
  anyFilteredPlan,
  anyGroupedPlan,
  anyPlan,
  anyRow,
  noise,
  writeRows,
} from '../testing/random-tables.ts';
import { WasmKernel } from '../wasm/wasm-kernel.ts';
import { type PartRange, readPart, type Text } from './part.ts';
import { PartChain } from './part-chain.ts';

/** The cuts of a text into up to 64 parts, as shares of its length, and an order in which the parts are done. */
const share = fc.double({ min: 0, max: 1, noNaN: true });
const anyCuts = fc.record({
  shares: fc.oneof(
    { weight: 9, arbitrary: fc.array(share, { maxLength: 4 }) },
    { weight: 1, arbitrary: fc.array(share, { maxLength: 63, size: 'max' }) },
  ),
  order: fc.array(fc.nat(1000), { maxLength: 64 }),
});
type Cuts = typeof anyCuts extends fc.Arbitrary<infer Value> ? Value : never;

function textOf(bytes: Uint8Array): Text {
  return {
    size: bytes.length,
    read(position, target) {
      const found = bytes.subarray(position, position + target.length);
      target.set(found);
      return found.length;
    },
  };
}

function rangesOf(size: number, { shares }: Cuts, text = 0): PartRange[] {
  const cuts = [0, ...shares.map((share) => Math.round(share * size)).sort((a, b) => a - b), size];
  return cuts.slice(1).map((to, index) => ({ text, from: cuts[index]!, to }));
}

interface Merged {
  kernel: WasmKernel;
  rejects: unknown[];
  /** How many parts were read again. */
  again: number;
}

async function inParts(bytes: Uint8Array, plan: ReadPlan, cuts: Cuts): Promise<Merged> {
  const text = textOf(bytes);
  const ranges = rangesOf(bytes.length, cuts);
  const chain = new PartChain([{ plan, encoding: 'utf-8' }], ranges);
  const rejects: unknown[] = [];
  let again = 0;
  const order = ranges.map((_, index) => index);
  order.sort((a, b) => (cuts.order[a] ?? a) - (cuts.order[b] ?? b));
  for (const index of order) {
    const start = chain.startOf(index);
    // So few that some parts have more.
    let part = await readPart(text, chain.planOf(ranges[0]!), ranges[index]!, start, Math.min(2, plan.maxRejects));
    for (let next = index; ; again++) {
      const wanted = chain.add(next, part);
      rejects.push(...chain.takeRejects());
      if (!wanted) break;
      next = wanted.index;
      part = await readPart(text, chain.planOf(ranges[0]!), ranges[next]!, wanted.start, wanted.maxRejects);
    }
  }
  expect(chain.isDone).toBe(true);
  expect(chain.waitingCount).toBe(0);
  return { kernel: new WasmKernel(plan, chain.checkpoint()), rejects, again };
}

function inOnePass(bytes: Uint8Array, plan: ReadPlan): Merged {
  const kernel = new WasmKernel(plan);
  kernel.push(bytes);
  kernel.finish();
  return { kernel, rejects: kernel.takeRejects(), again: 0 };
}

/** All that readers of a result see. */
function described({ kernel, rejects }: Merged) {
  const snapshot = kernel.snapshot(3);
  return {
    snapshot,
    totals: [...kernel.totals(7)],
    names: kernel.names(snapshot.total),
    isHeaderAwaited: kernel.isHeaderAwaited,
    lines: kernel.lines,
    rejects,
  };
}

async function expectSame(bytes: Uint8Array, anyPlan: ReadPlan, cuts: Cuts): Promise<number> {
  // As large as the texts may be: kernels with less memory are made quicker.
  const plan = { ...anyPlan, maxDepartments: 500, maxRecordBytes: Math.min(anyPlan.maxRecordBytes, 64 * 1024) };
  const merged = await inParts(bytes, plan, cuts);
  expect(described(merged)).toEqual(described(inOnePass(bytes, plan)));
  return merged.again;
}

test('any table in any dialect, cut into parts anywhere and done in any order, is read as in one pass', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(anyPlan, anyGroupedPlan, anyFilteredPlan, anyAmountsPlan),
      fc.array(anyRow, { maxLength: 25 }),
      anyCuts,
      async (plan, rows, cuts) => {
        await expectSame(writeRows(rows, plan), plan, cuts);
      },
    ),
    withinBudget(6000),
  );
});

test('any bytes, cut into parts anywhere and done in any order, are read as in one pass', async () => {
  await fc.assert(
    fc.asyncProperty(noise, anyPlan, anyCuts, async (bytes, plan, cuts) => {
      await expectSame(bytes, plan, cuts);
    }),
    withinBudget(6000),
  );
});

test('so are quoted texts whose lines look like rows, wherever a part begins in them', async () => {
  let again = 0;
  const line = fc.constantFrom('a,1', 'b,2', 'a,"1"', '"b",2', 'a', 'a,1,2', '"', '""', 'a,"', '",1');
  const text = fc.array(
    fc.oneof(
      line,
      line.map((inside) => `"x\n${inside}\ny",5`),
    ),
    { maxLength: 60 },
  );
  await fc.assert(
    fc.asyncProperty(text, fc.constantFrom('\n', '\r\n', '\r'), anyPlan, anyCuts, async (lines, end, plan, cuts) => {
      const usual = {
        ...plan,
        delimiter: code(','),
        quote: code('"'),
        columnCount: 2,
        departmentIndex: 0,
        amountIndex: 1,
      };
      again += await expectSame(Buffer.from(lines.join(end)), usual, cuts);
    }),
    withinBudget(4000),
  );
  // Every guess may be wrong, and some are.
  expect(again).toBeGreaterThan(100);
});

/** The totals of several kernels, each of which has read a text of its own. */
function together(kernels: readonly WasmKernel[]): Map<string, KernelTotal> {
  const totals = new Map<string, KernelTotal>();
  for (const total of kernels.flatMap((kernel) => [...kernel.totals(100)].flat())) {
    const { sum, count, min, max, scale } = totals.get(total.department) ?? { ...total, sum: 0n, count: 0 };
    totals.set(total.department, {
      department: total.department,
      sum: sum + total.sum,
      count: count + total.count,
      min: min < total.min ? min : total.min,
      max: max > total.max ? max : total.max,
      scale: Math.max(scale, total.scale),
    });
  }
  return totals;
}

test('several texts in parts are each read as by a kernel of its own, whatever stands at their ends', async () => {
  const anyText = fc.tuple(fc.oneof(fc.array(anyRow, { maxLength: 8 }), noise), anyCuts);
  await fc.assert(
    fc.asyncProperty(anyPlan, fc.array(anyText, { minLength: 1, maxLength: 4 }), async (given, texts) => {
      const plan = { ...given, maxDepartments: 500, maxRecordBytes: 64 * 1024, maxRejects: 1_000 };
      const all = texts.map(([rows]) => (rows instanceof Uint8Array ? rows : writeRows(rows, plan)));
      const ranges = texts.flatMap(([, cuts], text) => rangesOf(all[text]!.length, cuts, text));
      const chain = new PartChain(
        all.map(() => ({ plan, encoding: 'utf-8' })),
        ranges,
      );
      const rejects: KernelReject[] = [];
      // The last part first: all but the first of a text are guessed.
      for (const index of [...ranges.keys()].reverse()) {
        let next = index;
        let [start, maxRejects] = [chain.startOf(index), 1_000];
        while (true) {
          const { text } = ranges[next]!;
          const part = await readPart(
            textOf(all[text]!),
            chain.planOf(ranges[next]!),
            ranges[next]!,
            start,
            maxRejects,
          );
          const wanted = chain.add(next, part);
          rejects.push(...chain.takeRejects());
          if (!wanted) break;
          ({ index: next, start, maxRejects } = wanted);
        }
      }
      expect(chain.isDone).toBe(true);
      const alone = all.map((bytes) => inOnePass(bytes, plan));
      const right = alone.flatMap(({ rejects: found }, text) =>
        found.map((reject) => (text === 0 ? reject : { ...(reject as KernelReject), text })),
      );
      expect(rejects).toEqual(right);
      const totals = new Map([...chain.totals(100)].flat().map((total) => [total.department, total]));
      expect(totals).toEqual(together(alone.map(({ kernel }) => kernel)));
      const snapshots = alone.map(({ kernel }) => kernel.snapshot(0));
      const sumOf = (field: 'rows' | 'blankLines' | 'rowsRejected') =>
        snapshots.reduce((sum, snapshot) => sum + snapshot[field], 0);
      expect(chain.snapshot(0)).toMatchObject({
        rows: sumOf('rows'),
        blankLines: sumOf('blankLines'),
        rowsRejected: sumOf('rowsRejected'),
      });
      expect(chain.bytes).toBe(all.reduce((sum, { length }) => sum + length, 0));
    }),
    withinBudget(3000),
  );
});
