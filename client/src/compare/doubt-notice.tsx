import { For, Show } from 'solid-js';
import type { Job } from '#gen/tallystream/v1/gateway_pb.ts';
import { DoubtMark } from '../jobs/doubt-mark.tsx';
import { jobHref } from '../navigation/route.ts';
import { compareTexts } from '../texts-of-comparisons.ts';

/** Says which of the results have doubts, and leads to them. */
export function DoubtNotice(props: { sides: readonly { job: Job; name: string }[] }) {
  const doubtful = () => props.sides.filter(({ job }) => job.doubts.length > 0);
  return (
    <Show when={doubtful().length > 0}>
      <div class="notice compare-doubts" data-tone="warning">
        <p>{compareTexts.doubts}</p>
        <ul>
          <For each={doubtful()}>
            {({ job, name }) => (
              <li>
                <a href={jobHref(job.id)}>{name}</a> <DoubtMark doubts={job.doubts} />
              </li>
            )}
          </For>
        </ul>
      </div>
    </Show>
  );
}
