import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { createClient, createRouterTransport } from '@connectrpc/connect';
import { expect, test } from 'vitest';
import { ProcessCsvRequestSchema, ProcessorService } from '#gen/tallystream/v1/processor_pb.ts';
import type { Processors } from '../../processor-client/processors.ts';
import { outsideCalls } from './outside-calls.ts';

const COUNT = 40;
const KB_64 = Buffer.alloc(64 * 1024, 'a,1\n');

type Message = MessageInitShape<typeof ProcessCsvRequestSchema>['message'];

/** Hands messages on that are all there already. @returns how many came, and how many turns the event loop had meanwhile */
async function handOn(message: Message): Promise<{ received: number; turns: number }> {
  let received = 0;
  let turns = 0;
  let isOn = true;
  const count = () => {
    turns++;
    if (isOn) setImmediate(count);
  };
  const processor = {
    client: () => ({
      async *processCsv(requests: AsyncIterable<unknown>) {
        count();
        for await (const _ of requests) received++;
        isOn = false;
        yield* [];
      },
    }),
  } as unknown as Processors;
  const transport = createRouterTransport((router) =>
    router.service(ProcessorService, { processCsv: outsideCalls(processor, 8) }),
  );
  async function* requests() {
    for (let index = 0; index < COUNT; index++) yield create(ProcessCsvRequestSchema, { message });
  }
  await Array.fromAsync(createClient(ProcessorService, transport).processCsv(requests()));
  return { received, turns };
}

test.each([
  ['chunks', { case: 'chunk', value: KB_64 }],
  ['parts of a checkpoint', { case: 'resume', value: KB_64 }],
] as const)('between %s of 64 KiB others have a turn each, and all arrive', async (_what, message) => {
  const { received, turns } = await handOn(message);
  expect(received).toBe(COUNT);
  expect(turns).toBeGreaterThanOrEqual(COUNT);
});

test('messages of a few bytes share turns', async () => {
  const { received, turns } = await handOn({ case: 'chunk', value: Buffer.from('a,1\n') });
  expect(received).toBe(COUNT);
  expect(turns).toBeGreaterThan(1);
});
