import { RejectReason } from '#gen/tallystream/v1/processor_pb.ts';
import { texts } from '../texts.ts';

/** Why a row was rejected, in words. A reason of a newer server is "not known". */
export function reasonWord(reason: RejectReason): string {
  return texts.reasons[reason] ?? texts.reasons[RejectReason.UNSPECIFIED] ?? '';
}
