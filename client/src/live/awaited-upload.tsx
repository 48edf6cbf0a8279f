import { Show } from 'solid-js';
import type { Job } from '#gen/tallystream/v1/gateway_pb.ts';
import { formatWhen } from '../format/timestamp.ts';
import { createNow } from '../reactive/now.ts';
import { texts } from '../texts.ts';
import { SendFile } from '../upload/send-file.tsx';
import { NotifyButton } from './notify-button.tsx';

/** A job of which nothing has arrived, and which this tab does not send: since when, and what can be done. */
export function AwaitedUpload(props: { job: Job }) {
  const now = createNow(20_000);
  const when = () => (props.job.createTime === undefined ? '' : formatWhen(props.job.createTime, now()));
  return (
    <section class="panel">
      <h2>{texts.job.awaitingTitle}</h2>
      <Show when={props.job.uploadUrl !== ''} fallback={<p>{texts.job.awaitingNoSend(when())}</p>}>
        <p>{texts.job.awaiting(when())}</p>
        <div class="notice-actions">
          <SendFile job={props.job} label={texts.job.sendInput} isPrimary={false} />
        </div>
      </Show>
      <NotifyButton />
    </section>
  );
}
