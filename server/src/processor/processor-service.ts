import type { ServiceImpl } from '@connectrpc/connect';
import type { ProcessorService } from '#gen/tallystream/v1/processor_pb.ts';
import { processCsv } from './process-csv.ts';
import type { ThreadPool } from './thread-pool.ts';

/** ProcessorService over a pool of kernel threads. */
export function createProcessorService(
  pool: ThreadPool,
  limits: { maxDepartments: number },
): ServiceImpl<typeof ProcessorService> {
  return {
    processCsv: (requests, context) => processCsv(requests, pool, limits, context.signal),
  };
}
