import { Show } from 'solid-js';
import type { Job } from '#gen/tallystream/v1/gateway_pb.ts';
import { groupName, groupsOf } from '../groups/groups.ts';
import { canAskAgain } from '../jobs/ask-again.ts';
import { askHref, compareHref } from '../navigation/route.ts';
import { compareTexts } from '../texts-of-comparisons.ts';
import { sameQuestionQuery } from './same-question.ts';

/** Says that two results have other groups, and how they would have the same. */
export function OtherGroups(props: { here: Job; there: Job }) {
  const groups = ({ dialect }: Job) => groupsOf(dialect).map(groupName).join(', ');
  const name = () => props.there.filename;
  return (
    <section class="notice notice-large" data-tone="warning">
      <h2>{compareTexts.otherGroups.title(name())}</h2>
      <p>{compareTexts.otherGroups.groups(groups(props.here), groups(props.there))}</p>
      <div class="notice-actions">
        <Show when={canAskAgain(props.there)}>
          <a class="button" href={`${askHref(props.there.id)}?${sameQuestionQuery(props.here)}`}>
            {compareTexts.otherGroups.ask(name())}
          </a>
        </Show>
        <a class="button" href={compareHref(props.here.id)}>
          {compareTexts.choice.another}
        </a>
      </div>
    </section>
  );
}
