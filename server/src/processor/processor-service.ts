import type { IncomingHttpHeaders } from 'node:http';
import type { HandlerContext, ServiceImpl } from '@connectrpc/connect';
import {
  type ProcessCsvRequest,
  type ProcessCsvResponse,
  type ProcessorService,
  ProcessSourceRequestSchema,
} from '#gen/tallystream/v1/processor_pb.ts';
import { checkTexts } from '../process-csv/request-texts.ts';
import { takeTurns } from '../queue/take-turns.ts';
import { EncodedTotals, ProcessCall } from './process-call.ts';
import { SourceCall, type SourceCallSettings } from './source-call.ts';
import type { ThreadPool } from './threads/thread-pool.ts';

export interface ProcessorServiceOptions {
  /** The threads for a call with these headers. */
  poolFor(headers: IncomingHttpHeaders): ThreadPool;
  /** How sources are read for a call with these headers. */
  sourceSettingsFor(headers: IncomingHttpHeaders): SourceCallSettings;
  limits: { maxDepartments: number };
  /** Returns the caller on whose behalf a call is. */
  callerOf(context: HandlerContext): string;
}

/** ProcessorService over kernel threads, for every protocol that Connect speaks. */
export function createProcessorService({
  poolFor,
  sourceSettingsFor,
  limits,
  callerOf,
}: ProcessorServiceOptions): ServiceImpl<typeof ProcessorService> {
  return {
    async *processCsv(requests, context): AsyncGenerator<ProcessCsvResponse> {
      const pool = poolFor(Object.fromEntries(context.requestHeader));
      const call = new ProcessCall(pool, limits, callerOf(context), context.signal);
      // It ends with the call: when that has failed, what it waits for is let go.
      void consume(requests, call).catch((error) => call.fail(error));
      yield* decodedResponses(call);
    },

    async *processSource(request, context): AsyncGenerator<ProcessCsvResponse> {
      checkTexts(ProcessSourceRequestSchema, request);
      const settings = sourceSettingsFor(Object.fromEntries(context.requestHeader));
      yield* decodedResponses(new SourceCall(request, settings, callerOf(context), context.signal));
    },
  };
}

/** The responses of a call, which ends with them. */
async function* decodedResponses(call: ProcessCall | SourceCall): AsyncGenerator<ProcessCsvResponse> {
  try {
    for await (const item of call.responses) yield item instanceof EncodedTotals ? item.decoded() : item;
  } finally {
    call.close();
  }
}

async function consume(requests: AsyncIterable<ProcessCsvRequest>, call: ProcessCall): Promise<void> {
  for await (const request of takeTurns(requests)) {
    if (request.message.case === 'chunk') await writeAll(request.message.value, call);
    else await call.message(request);
  }
  await call.end();
}

async function writeAll(chunk: Uint8Array, call: ProcessCall): Promise<void> {
  let rest = chunk;
  do {
    rest = rest.subarray(call.write(rest));
    if (rest.length > 0) await call.room();
  } while (rest.length > 0);
}
