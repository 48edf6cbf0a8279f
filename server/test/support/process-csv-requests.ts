import { create } from '@bufbuild/protobuf';
import { type ProcessCsvRequest, ProcessCsvRequestSchema } from '#gen/tallystream/v1/processor_pb.ts';

/** A request with the next bytes of a file. */
export function chunk(bytes: Uint8Array | string): ProcessCsvRequest {
  return create(ProcessCsvRequestSchema, { message: { case: 'chunk', value: Buffer.from(bytes) } });
}
