import { create } from '@bufbuild/protobuf';
import { afterEach, expect, test } from 'vitest';
import { ProcessCsvRequestSchema, type ProcessCsvResponse } from '#gen/tallystream/v1/processor_pb.ts';
import { createBadRows, DENSE_REJECTS, describeReject } from '../../test/support/bad-rows.ts';
import { createLog } from '../log.ts';
import { EncodedTotals, ProcessCall } from './process-call.ts';
import { ThreadPool } from './threads/thread-pool.ts';

const NEVER = new AbortController().signal;
const pools: ThreadPool[] = [];

afterEach(async () => {
  for (const pool of pools.splice(0)) await pool.close();
});

function begin(): ProcessCall {
  const pool = new ThreadPool({ size: 1, log: createLog('silent', 'test') });
  pools.push(pool);
  return new ProcessCall(pool, { maxDepartments: 1000 }, 'somebody', NEVER);
}

async function send(call: ProcessCall, bytes: Uint8Array): Promise<void> {
  for (let rest = bytes; rest.length > 0; ) {
    rest = rest.subarray(call.write(rest));
    await call.room();
  }
}

/** Reads one message after the other, letting everything else go first. */
async function readSlowly(call: ProcessCall): Promise<{ messages: ProcessCsvResponse['message'][]; failure: unknown }> {
  const messages: ProcessCsvResponse['message'][] = [];
  try {
    for await (const response of call.responses) {
      messages.push((response instanceof EncodedTotals ? response.decoded() : response).message);
      for (let turns = 0; turns < 20; turns++) await new Promise((resolve) => setImmediate(resolve));
    }
    return { messages, failure: undefined };
  } catch (failure) {
    return { messages, failure };
  }
}

const kindsOf = (messages: ProcessCsvResponse['message'][]) => messages.map((message) => message.case);
const rejectsOf = (messages: ProcessCsvResponse['message'][]) =>
  messages.flatMap((message) => (message.case === 'rejects' ? message.value.rejects : [])).map(describeReject);

for (const [rows, bad] of DENSE_REJECTS) {
  test(`${bad} rejects of ${rows} rows all come to a slow reader, in order and before the result`, async () => {
    const file = createBadRows(rows, bad);
    const call = begin();
    const reading = readSlowly(call);
    await send(call, file.csv);
    await call.end();
    const { messages, failure } = await reading;
    expect(rejectsOf(messages)).toEqual(file.rejects);
    const kinds = kindsOf(messages).join(' ');
    expect(failure).toBeUndefined();
    expect(kinds).toMatch(/^((progress|rejects) )+(totals )*summary$/);
    const summary = messages.at(-1);
    const codes = summary?.case === 'summary' ? summary.value.doubts.map(({ code }) => code) : [];
    expect(codes.includes('NO_ROW_COUNTS')).toBe(bad === rows);
  });
}

test('a checkpoint that was asked for right before the end comes, behind the rejects that it covers', async () => {
  const file = createBadRows(20_000, 19_999);
  const call = begin();
  const reading = readSlowly(call);
  await send(call, file.csv);
  call.message(create(ProcessCsvRequestSchema, { message: { case: 'checkpointRequest', value: { id: 1n } } }));
  await call.end();
  const { messages } = await reading;
  expect(rejectsOf(messages)).toEqual(file.rejects);
  expect(kindsOf(messages).join(' ')).toMatch(/^((progress|rejects) )+checkpoint (progress )*(totals )*summary$/);
});
