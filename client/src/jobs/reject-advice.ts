import type { Job } from '#gen/tallystream/v1/gateway_pb.ts';
import type { RejectReason } from '#gen/tallystream/v1/processor_pb.ts';
import { texts } from '../texts.ts';

/** Advice for a file most rows of which are rejected for a reason. */
export function rejectAdvice(reason: RejectReason): string {
  return texts.rejectAdvice[reason] ?? texts.allRejected.advice;
}

/** The reason that most rows were rejected for. */
export function mostFrequent(job: Job): RejectReason {
  return job.rejectedByReason.reduce((most, next) => (next.count > most.count ? next : most)).reason;
}
