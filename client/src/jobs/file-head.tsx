import type { Job } from '#gen/tallystream/v1/gateway_pb.ts';
import { formatBytes } from '../format/bytes.ts';
import { formatCount } from '../format/count.ts';
import { texts } from '../texts.ts';
import { Icon } from '../ui/icon.tsx';
import { pathOfSource } from '../upload/chosen-file.ts';
import { sizeOf } from './job-figures.ts';

/** The file above the questions about it. `job` is the newest of them. */
export function FileHead(props: { job: Job; questions: number }) {
  return (
    <div class="file-head">
      <Icon name="file" />
      <span class="file-head-name" title={pathOfSource(props.job.source) || props.job.filename}>
        {props.job.filename}
      </span>
      <span class="quiet">
        {formatBytes(sizeOf(props.job) ?? props.job.receivedBytes)} ·{' '}
        {texts.jobs.questions(formatCount(props.questions))}
      </span>
    </div>
  );
}
