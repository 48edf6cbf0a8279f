/**
 * Uploads until their result is there, beside a server that only writes what it gets into a file; and tus beside one
 * request. The client is on the same machine, so all of them share its cores.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { timestampMs } from '@bufbuild/protobuf/wkt';
import type { Job } from '#gen/tallystream/v1/gateway_pb.ts';
import { gatewayClient } from '../../server/test/support/clients.ts';
import { ServerProcess } from '../../server/test/support/server-process.ts';
import type { BenchOptions } from '../harness/bench-options.ts';
import { ChildServer } from '../harness/child-server.ts';
import { type Comparison, compare, judge, printComparisons } from '../harness/comparison.ts';
import { withFolder, writeSalesFile, writeSalesFileOfSize } from '../harness/sales-file.ts';
import { median } from '../harness/table.ts';
import { inTurns } from '../harness/turns.ts';
import { curlUpload, secondsToResult, succeeded, tusUpload } from '../harness/uploads.ts';
import { DuckDb } from '../peers/duckdb.ts';

/** 1 Gbit/s, as `curl --limit-rate` has it. */
const GIGABIT = '125000000';
/** So many departments that their totals are the work. */
const MANY = 1_000_000;
/** The published run of the Python system that this one replaces, and the seconds in its backend. */
const REPLACED = { rows: 200_000_000, bytes: 5.51 * 2 ** 30, seconds: 838 };

export async function benchUpload({ sizeBytes, rounds }: BenchOptions): Promise<Comparison[]> {
  return await withFolder(async (folder) => {
    const file = writeSalesFileOfSize(folder, 'upload', sizeBytes);
    const copy = join(folder, 'copy.csv');
    await using peer = await ChildServer.start('../peers/upload-peers.ts', copy);
    await using ours = await ServerProcess.start({ DATA_DIR: join(folder, 'data') });
    const toPeer = async (rate?: string, path = '/') => {
      const startedAt = performance.now();
      await curlUpload(peer.url + path, file.path, rate);
      const seconds = (performance.now() - startedAt) / 1000;
      rmSync(copy);
      return seconds;
    };
    const backendSeconds: number[] = [];
    const latenciesMs: number[] = [];
    const toOurs = async (rate?: string) => {
      const startedAt = performance.now();
      const answer = JSON.parse(await curlUpload(`${ours.url}/upload?filename=bench.csv`, file.path, rate));
      const job = await succeeded(ours.url, answer.id, file.rows);
      const seconds = (performance.now() - startedAt) / 1000;
      if (rate) latenciesMs.push(ms(job.finishTime) - ms(job.uploadFinishTime));
      else backendSeconds.push((ms(job.finishTime) - ms(job.startTime)) / 1000);
      await gatewayClient(ours.url).deleteJob({ id: job.id });
      return seconds;
    };
    const [fast, fastPeer, syncedPeer] = await inTurns(rounds, [
      () => toOurs(),
      () => toPeer(),
      () => toPeer(undefined, '/synced'),
    ]);
    // The first one was for warming up.
    backendSeconds.shift();
    const [slow, slowPeer] = await inTurns(Math.min(rounds, 3), [() => toOurs(GIGABIT), () => toPeer(GIGABIT)], 0);
    const toAnswer = async (upload: () => Promise<string>) => {
      const startedAt = performance.now();
      const id = await upload();
      const seconds = (performance.now() - startedAt) / 1000;
      // The time from here on is measured alone.
      await succeeded(ours.url, id, file.rows);
      return seconds;
    };
    const [tus, one] = await inTurns(Math.min(rounds, 3), [
      () => toAnswer(() => tusUpload(ours.url, file.path)),
      () => toAnswer(async () => JSON.parse(await curlUpload(`${ours.url}/upload`, file.path)).id),
    ]);
    const many = writeSalesFile(folder, 'many', { rows: MANY, departments: MANY, decimals: 0.2, quoted: 0 });
    using duckdb = await DuckDb.open(join(folder, 'many.duckdb'), 2);
    const [manyOurs, manyPeer] = await inTurns(Math.min(rounds, 3), [
      () => secondsToResult(ours.url, many),
      () => duckdb.storeTotals(many),
    ]);
    const times = (a: number, b: number) => a / b;
    // Ours has other rows than theirs: the lesser work counts.
    const share = Math.min(file.rows / REPLACED.rows, file.bytes / REPLACED.bytes);
    const replacedSeconds = REPLACED.seconds * share;
    const comparisons = [
      compare(
        { what: 'bare node:http to a file, unthrottled', unit: 's', goal: { most: 1.35 } },
        fast!,
        fastPeer!,
        times,
      ),
      // Ours answers when the file is on the disk.
      compare(
        { what: 'bare node:http to a file, synced, unthrottled', unit: 's', goal: undefined },
        fast!,
        syncedPeer!,
        times,
      ),
      compare({ what: 'bare node:http to a file, 125 MB/s', unit: 's', goal: { most: 1.02 } }, slow!, slowPeer!, times),
      judge({
        what: 'result after the last byte, 125 MB/s (of 100 ms)',
        unit: 'ms',
        ours: Math.max(...latenciesMs),
        ratios: latenciesMs.map((latency) => latency / 100),
        goal: { most: 1 },
      }),
      compare(
        { what: 'tus-js-client beside curl -T (throughput)', unit: 's', goal: { least: 0.7 } },
        tus!,
        one!,
        (a, b) => b / a,
      ),
      compare(
        { what: '1,000,000 rows of as many departments, DuckDB with 2 threads', unit: 's', goal: undefined },
        manyOurs!,
        manyPeer!,
        times,
      ),
      judge({
        what: 'replaced Python system, published run, backend',
        unit: 's',
        ours: median(backendSeconds),
        peer: replacedSeconds,
        ratios: backendSeconds.map((seconds) => replacedSeconds / seconds),
        goal: { least: 35 },
      }),
    ];
    printComparisons(comparisons);
    return comparisons;
  });
}

function ms(time: Job['finishTime']): number {
  return time ? timestampMs(time) : Number.NaN;
}
