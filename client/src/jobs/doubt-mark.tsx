import { Show } from 'solid-js';
import type { Doubt } from '#gen/tallystream/v1/processor_pb.ts';
import { texts } from '../texts.ts';
import { Icon } from '../ui/icon.tsx';
import { countDoubts } from './doubts.ts';

/** Says in a word that there are doubts about a total, and of which kind. */
export function DoubtMark(props: { doubts: readonly Doubt[] }) {
  const counts = () => countDoubts(props.doubts);
  const hasUncertain = () => counts().uncertain > 0;
  return (
    <Show when={props.doubts.length > 0}>
      <span class="doubt-mark" data-kind={hasUncertain() ? 'uncertain' : 'fact'}>
        <Icon name={hasUncertain() ? 'warning' : 'info'} />
        {hasUncertain() ? texts.doubts.toCheck(counts().uncertain) : texts.doubts.toKnow(counts().fact)}
      </span>
    </Show>
  );
}
