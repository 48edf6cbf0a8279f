import { create, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { TotalsBatchSchema } from '#gen/tallystream/v1/processor_pb.ts';

/** Totals as a processor sends them. */
export function totalsBatch(totals: MessageInitShape<typeof TotalsBatchSchema>['totals'] & object): Uint8Array {
  return toBinary(TotalsBatchSchema, create(TotalsBatchSchema, { totals }));
}
