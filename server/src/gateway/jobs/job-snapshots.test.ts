import { create } from '@bufbuild/protobuf';
import { expect, test } from 'vitest';
import { type Job, JobSchema } from '#gen/tallystream/v1/gateway_pb.ts';
import { JobHub } from './job-hub.ts';
import { JobSnapshots } from './job-snapshots.ts';

const job = (id: string) => create(JobSchema, { id });
const record = (id: string, owner = '') => ({ job: job(id), owner });

/** Snapshots over a list that counts how often it is read. */
function counted() {
  const hub = new JobHub();
  const reads: PromiseWithResolvers<Job[]>[] = [];
  const snapshots = new JobSnapshots(hub, (jobs) => jobs.map(({ id }) => id));
  const list = () => {
    const read = Promise.withResolvers<Job[]>();
    reads.push(read);
    return read.promise;
  };
  return { hub, reads, of: (owner?: string) => snapshots.of(owner, list) };
}

test('all who ask while nothing happens get the same snapshot', async () => {
  const { reads, of } = counted();
  const early = Array.from({ length: 100 }, () => of());
  reads[0]?.resolve([job('a')]);
  const [first, ...others] = await Promise.all([...early, of(), of()]);
  expect(first?.value).toEqual(['a']);
  for (const other of others) expect(other).toBe(first);
  expect(reads).toHaveLength(1);
});

test('what happens after a snapshot comes with it', async () => {
  const { hub, reads, of } = counted();
  const asked = of();
  hub.publish(record('b'));
  reads[0]?.resolve([job('a')]);
  const { since } = await asked;
  hub.publishDeleted(record('a'));
  expect([...since.pending.values()]).toMatchObject([{ job: { id: 'b' } }, { kind: 'deleted', id: 'a' }]);
});

test('each owner has a snapshot of its own', async () => {
  const { hub, reads, of } = counted();
  const [mine, theirs] = [of('me'), of('them')];
  hub.publish(record('x', 'them'));
  reads[0]?.resolve([job('a')]);
  reads[1]?.resolve([]);
  expect((await mine).value).toEqual(['a']);
  expect((await mine).since.pending.size).toBe(0);
  expect((await theirs).since.pending.size).toBe(1);
});

test('a list that could not be read is read again', async () => {
  const { reads, of } = counted();
  const failing = of();
  reads[0]?.reject(new Error('no disk'));
  await expect(failing).rejects.toThrow('no disk');
  const again = of();
  reads[1]?.resolve([]);
  expect((await again).value).toEqual([]);
});
