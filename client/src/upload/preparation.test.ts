import { create } from '@bufbuild/protobuf';
import { Code, ConnectError, createClient, createRouterTransport } from '@connectrpc/connect';
import { describe, expect, it } from 'vitest';
import {
  type CreateJobRequest,
  GatewayService,
  type InspectCsvRequest,
  JobSchema,
} from '#gen/tallystream/v1/gateway_pb.ts';
import { type CsvOptions, CsvOptionsSchema } from '#gen/tallystream/v1/processor_pb.ts';
import { eventually } from '../../test/eventually.ts';
import type { ChosenFile } from './chosen-file.ts';
import { detectEverything } from './csv-options.ts';
import { createPreparation, type QuestionMemory } from './preparation.ts';

const csv = new File(['Region;Sales\nNorth;1\n'], 'sales.csv');

/** A preparation over a gateway that answers when the test lets it. @param memory the questions of earlier files */
function prepared(memory?: QuestionMemory) {
  const asked: { request: InspectCsvRequest; answer: (delimiter: string) => void; fail: (error: unknown) => void }[] =
    [];
  const created: CreateJobRequest[] = [];
  const refusals: ConnectError[] = [];
  const transport = createRouterTransport(({ service }) => {
    service(GatewayService, {
      inspectCsv(request) {
        const { promise, resolve, reject } = Promise.withResolvers<{ dialect: object }>();
        const answer = (delimiter: string) =>
          resolve({
            dialect: {
              delimiter,
              hasHeader: true,
              columns: [{ name: 'Region' }, { index: 1, name: 'Sales' }],
              amountIndex: 1,
            },
          });
        asked.push({ request, answer, fail: reject });
        return promise;
      },
      createJob(request) {
        const refusal = refusals.shift();
        if (refusal !== undefined) throw refusal;
        created.push(request);
        return { job: { id: '7', filename: request.filename, uploadUrl: '/uploads/7' } };
      },
    });
  });
  const gateway = createClient(GatewayService, transport);
  return { gateway, preparation: createPreparation(gateway, undefined, memory), asked, created, refusals };
}

describe('createPreparation', () => {
  it('sends the first bytes and shows what was found', async () => {
    const { preparation, asked } = prepared();
    preparation.add([csv]);
    await eventually(() => expect(asked).toHaveLength(1));
    expect(asked[0]?.request).toMatchObject({ filename: 'sales.csv', complete: true });
    expect(asked[0]?.request.sample.length).toBe(csv.size);
    expect(preparation.isReading()).toBe(true);
    asked[0]?.answer(';');
    await eventually(() => expect(preparation.found()?.dialect?.delimiter).toBe(';'));
    expect(preparation.isReading()).toBe(false);
  });

  it('drops the answer to settings that have changed since', async () => {
    const { preparation, asked } = prepared();
    preparation.add([csv]);
    await eventually(() => expect(asked).toHaveLength(1));
    preparation.change({ delimiter: '|' });
    await eventually(() => expect(asked).toHaveLength(2));
    asked[1]?.answer('|');
    await eventually(() => expect(preparation.found()?.dialect?.delimiter).toBe('|'));
    asked[0]?.answer(';');
    await new Promise((resolve) => setImmediate(resolve));
    expect(preparation.found()?.dialect?.delimiter).toBe('|');
  });

  it('says what is wrong, and recovers with other settings', async () => {
    const { preparation, asked } = prepared();
    preparation.add([csv]);
    await eventually(() => expect(asked).toHaveLength(1));
    asked[0]?.fail(new ConnectError('only one column', Code.InvalidArgument));
    await eventually(() => expect(preparation.error()).toBe('Only one column.'));
    preparation.change({ delimiter: ';' });
    await eventually(() => expect(asked).toHaveLength(2));
    asked[1]?.answer(';');
    await eventually(() => expect(preparation.found()).toBeDefined());
    expect(preparation.error()).toBe('');
  });

  it('makes the job with what was changed only and goes on to the next file with fresh settings', async () => {
    const { preparation, asked, created } = prepared();
    const next = new File(['a,b\n'], 'next.csv');
    preparation.add([csv, next]);
    expect(preparation.waiting()).toBe(1);
    preparation.change({ negativeAmounts: 'reject', amountColumn: 'Sales' });
    await eventually(() => expect(asked).toHaveLength(2));
    asked[1]?.answer(';');
    await eventually(() => expect(preparation.isReading()).toBe(false));
    expect(await preparation.start()).toMatchObject({ job: { id: '7' }, file: csv });
    expect(created[0]).toMatchObject({
      filename: 'sales.csv',
      sizeBytes: BigInt(csv.size),
      options: { delimiter: '', departmentColumn: '', amountColumn: 'Sales', negativeAmounts: 'reject' },
    });
    expect(preparation.file()).toBe(next);
    expect(preparation.settings().negativeAmounts).toBe('');
  });

  it('asks about a file of the server without sending any of it', async () => {
    const { preparation, asked, created } = prepared();
    const kept = { source: 'jobs/5', name: 'kept.csv', sizeBytes: 7_000_000_000 };
    preparation.add([kept]);
    await eventually(() => expect(asked).toHaveLength(1));
    expect(asked[0]?.request).toMatchObject({ source: 'jobs/5', filename: 'kept.csv', complete: false });
    expect(asked[0]?.request.sample).toHaveLength(0);
    asked[0]?.answer(';');
    await eventually(() => expect(preparation.canStart()).toBe(true));
    expect(await preparation.start()).toEqual({ job: expect.objectContaining({ id: '7' }), file: kept });
    expect(created[0]).toMatchObject({ source: 'jobs/5', filename: 'kept.csv' });
    expect(created[0]?.sizeBytes).toBeUndefined();
  });

  it('keeps what a job was asked with and the page knows nothing of', async () => {
    const { preparation, asked, created } = prepared();
    const others = create(CsvOptionsSchema, { maxDepartments: 7, trim: false, delimiter: '|' });
    preparation.add([{ source: 'jobs/5', name: 'kept.csv' }], { ...detectEverything, decimalSeparator: ',' }, others);
    await eventually(() => expect(asked).toHaveLength(1));
    const kept = { maxDepartments: 7, trim: false, decimalSeparator: ',', delimiter: '' };
    expect(asked[0]?.request.options).toMatchObject(kept);
    asked[0]?.answer(';');
    await eventually(() => expect(preparation.canStart()).toBe(true));
    await preparation.start();
    expect(created[0]?.options).toMatchObject(kept);
  });

  it('says that a file of the server has gone, before its start and at it', async () => {
    const { preparation, asked, refusals } = prepared();
    const gone = () =>
      new ConnectError('the file of this job is no longer kept; upload it again', Code.FailedPrecondition);
    preparation.add([{ source: 'jobs/5', name: 'gone.csv' }]);
    await eventually(() => expect(asked).toHaveLength(1));
    asked[0]?.fail(gone());
    await eventually(() => expect(preparation.error()).toMatch(/^The file of this job is no longer kept/));
    expect(preparation.isGone()).toBe(true);
    expect(preparation.canStart()).toBe(false);
    preparation.lookAgain();
    await eventually(() => expect(asked).toHaveLength(2));
    asked[1]?.answer(';');
    await eventually(() => expect(preparation.canStart()).toBe(true));
    refusals.push(gone());
    expect(await preparation.start()).toBeUndefined();
    expect(preparation.startError()).toMatch(/^The file of this job is no longer kept/);
  });

  it('makes the job in another way where it is told to', async () => {
    const { gateway, asked, created } = prepared();
    const made: [ChosenFile, CsvOptions][] = [];
    const preparation = createPreparation(gateway, async (file, options) => {
      made.push([file, options]);
      return { job: create(JobSchema, { id: '5' }) };
    });
    const failed = { source: 'jobs/5', name: 'failed.csv' };
    preparation.add([failed]);
    preparation.change({ decimalSeparator: ',' });
    await eventually(() => expect(asked).toHaveLength(2));
    asked[1]?.answer(';');
    await eventually(() => expect(preparation.canStart()).toBe(true));
    expect((await preparation.start())?.job.id).toBe('5');
    expect(made).toEqual([[failed, expect.objectContaining({ decimalSeparator: ',' })]]);
    expect(created).toEqual([]);
  });

  it('begins with settings that are known, for the file that they belong to', async () => {
    const { preparation, asked } = prepared();
    const again = new File(['a;b\n'], 'again.csv');
    preparation.add([csv]);
    preparation.add([again], { ...detectEverything, decimalSeparator: ',' });
    await eventually(() => expect(asked).toHaveLength(1));
    expect(asked[0]?.request.options?.decimalSeparator).toBe('');
    preparation.discard();
    await eventually(() => expect(asked).toHaveLength(2));
    expect(asked[1]?.request.options?.decimalSeparator).toBe(',');
  });

  it('says why a job could not be made, and tries again', async () => {
    const { preparation, asked, refusals } = prepared();
    preparation.add([csv]);
    await eventually(() => expect(asked).toHaveLength(1));
    asked[0]?.answer(';');
    await eventually(() => expect(preparation.found()).toBeDefined());
    refusals.push(new ConnectError('the disk is full', Code.ResourceExhausted));
    expect(await preparation.start()).toBeUndefined();
    expect(preparation.startError()).toBe('The disk is full.');
    expect(preparation.error()).toBe('');
    expect(await preparation.start()).toMatchObject({ file: csv });
    expect(preparation.startError()).toBe('');
  });

  it('keeps the file in its place while its job is being made', async () => {
    const { preparation, asked } = prepared();
    const next = new File(['a,b\n'], 'next.csv');
    preparation.add([csv, next]);
    await eventually(() => expect(asked).toHaveLength(1));
    asked[0]?.answer(';');
    await eventually(() => expect(preparation.found()).toBeDefined());
    const starting = preparation.start();
    preparation.discard();
    preparation.change({ delimiter: '|' });
    expect(preparation.file()).toBe(csv);
    expect(await starting).toMatchObject({ file: csv });
    expect(preparation.file()).toBe(next);
  });

  it('looks again when it is asked to, after a failure only', async () => {
    const { preparation, asked } = prepared();
    preparation.add([csv]);
    await eventually(() => expect(asked).toHaveLength(1));
    preparation.lookAgain();
    asked[0]?.fail(new ConnectError('gone', Code.Unavailable));
    await eventually(() => expect(preparation.error()).not.toBe(''));
    expect(preparation.isGone()).toBe(false);
    expect(asked).toHaveLength(1);
    preparation.lookAgain();
    await eventually(() => expect(asked).toHaveLength(2));
    asked[1]?.answer(';');
    await eventually(() => expect(preparation.error()).toBe(''));
  });

  it('knows nothing any more once it is cleared', async () => {
    const { preparation, asked } = prepared();
    preparation.add([csv, csv]);
    await eventually(() => expect(asked).toHaveLength(1));
    preparation.clear();
    asked[0]?.answer(';');
    await new Promise((resolve) => setImmediate(resolve));
    expect(preparation.file()).toBeUndefined();
    expect(preparation.found()).toBeUndefined();
  });

  it('does not ask about an empty file', async () => {
    const { preparation, asked } = prepared();
    preparation.add([new File([], 'empty.csv')]);
    expect(preparation.error()).not.toBe('');
    expect(asked).toHaveLength(0);
  });

  it('keeps the columns in sight while the question about them cannot be answered', async () => {
    const { preparation, asked } = prepared();
    preparation.add([csv]);
    await eventually(() => expect(asked).toHaveLength(1));
    asked[0]?.answer(';');
    await eventually(() => expect(preparation.columns()).toBeDefined());
    preparation.change({ amountColumn: 'Net' });
    expect(preparation.canStart()).toBe(false);
    await eventually(() => expect(asked).toHaveLength(2));
    asked[1]?.fail(new ConnectError('there is no column "Net"', Code.InvalidArgument));
    await eventually(() => expect(preparation.error()).not.toBe(''));
    expect(preparation.columns()).toBeDefined();
    preparation.change({ delimiter: '|' });
    expect(preparation.columns()).toBeUndefined();
  });

  it('asks once for changes that follow closely', async () => {
    const { preparation, asked } = prepared();
    preparation.add([csv]);
    await eventually(() => expect(asked).toHaveLength(1));
    asked[0]?.answer(';');
    await eventually(() => expect(preparation.isReading()).toBe(false));
    for (const amountColumn of ['S', 'Sa', 'Sales']) preparation.change({ amountColumn });
    expect(preparation.isReading()).toBe(true);
    await eventually(() => expect(asked).toHaveLength(2));
    expect(asked[1]?.request.options?.amountColumn).toBe('Sales');
  });
});

describe('the question of an earlier file', () => {
  const question = { groupBy: ['Region', 'Date:month'], amountColumn: 'Sales', amounts: [], where: [] };

  function remembering(recalled = question) {
    const kept: unknown[] = [];
    const memory: QuestionMemory = {
      recall: async () => recalled,
      keep: async (_dialect, { groupBy, amountColumn, where }) => void kept.push({ groupBy, amountColumn, where }),
    };
    return { ...prepared(memory), kept };
  }

  it('is taken for the next one with the same columns, with a way back', async () => {
    const { preparation, asked, kept } = remembering();
    preparation.add([csv]);
    await eventually(() => expect(asked).toHaveLength(1));
    asked[0]?.answer(';');
    await eventually(() => expect(asked).toHaveLength(2));
    expect(preparation.found()).toBeUndefined();
    expect(asked[1]?.request.options).toMatchObject({ groupBy: ['Region', 'Date:month'], amountColumn: 'Sales' });
    asked[1]?.answer(';');
    await eventually(() => expect(preparation.canStart()).toBe(true));
    expect(preparation.isRecalled()).toBe(true);
    preparation.forgetRecalled();
    expect(preparation.isRecalled()).toBe(false);
    await eventually(() => expect(asked).toHaveLength(3));
    expect(asked[2]?.request.options).toMatchObject({ groupBy: [], amountColumn: '' });
    asked[2]?.answer(';');
    await eventually(() => expect(preparation.canStart()).toBe(true));
    await preparation.start();
    expect(kept).toEqual([{ groupBy: [], amountColumn: '', where: [] }]);
  });

  it('is dropped if it does not suit the file', async () => {
    const { preparation, asked } = remembering();
    preparation.add([csv]);
    await eventually(() => expect(asked).toHaveLength(1));
    asked[0]?.answer(';');
    await eventually(() => expect(asked).toHaveLength(2));
    asked[1]?.fail(new ConnectError('no dates', Code.InvalidArgument));
    await eventually(() => expect(asked).toHaveLength(3));
    asked[2]?.answer(';');
    await eventually(() => expect(preparation.canStart()).toBe(true));
    expect(preparation.isRecalled()).toBe(false);
    expect(preparation.settings().groupBy).toEqual([]);
  });

  it('gives way to settings that are known, and to what the reader has changed by then', async () => {
    const { preparation, asked } = remembering();
    preparation.add([csv], detectEverything);
    await eventually(() => expect(asked).toHaveLength(1));
    asked[0]?.answer(';');
    await eventually(() => expect(preparation.canStart()).toBe(true));
    expect(preparation.isRecalled()).toBe(false);
    preparation.discard();
    preparation.add([csv]);
    preparation.change({ amountColumn: 'Sales' });
    await eventually(() => {
      for (const { answer } of asked) answer(';');
      expect(preparation.canStart()).toBe(true);
    });
    expect(asked.at(-1)?.request.options?.amountColumn).toBe('Sales');
    expect(preparation.isRecalled()).toBe(false);
    expect(preparation.settings().groupBy).toEqual([]);
  });
});
