import { createSignal, createUniqueId, For, type ParentProps, Show } from 'solid-js';
import type { Doubt } from '#gen/tallystream/v1/processor_pb.ts';
import { asSentence } from '../api/error-text.ts';
import { texts } from '../texts.ts';
import { Icon } from '../ui/icon.tsx';
import { doubtKind, sortDoubts } from './doubts.ts';

/** More would push away what they are about. */
const shownAtFirst = 2;

/** The doubts about a total: uncertain decisions first, then facts. */
export function DoubtList(props: ParentProps<{ title: string; doubts: readonly Doubt[] }>) {
  const id = createUniqueId();
  const [isWhole, setWhole] = createSignal(false);
  const sorted = () => sortDoubts(props.doubts);
  const hidden = () => sorted().length - shownAtFirst;
  const shown = () => (isWhole() ? sorted() : sorted().slice(0, shownAtFirst));
  return (
    <Show when={props.doubts.length > 0}>
      <section class="doubts" aria-labelledby={id}>
        <h2 id={id}>{props.title}</h2>
        <ul>
          <For each={shown()}>{(doubt) => <DoubtItem doubt={doubt} />}</For>
        </ul>
        <div class="doubts-foot">
          <Show when={hidden() > 0}>
            <button
              type="button"
              class="button button-quiet"
              aria-expanded={isWhole()}
              onClick={() => setWhole((whole) => !whole)}
            >
              {isWhole() ? texts.doubts.fewer : texts.doubts.more(hidden())}
            </button>
          </Show>
          {props.children}
        </div>
      </section>
    </Show>
  );
}

function DoubtItem(props: { doubt: Doubt }) {
  const kind = () => doubtKind(props.doubt);
  return (
    <li data-kind={kind()}>
      <Icon name={kind() === 'uncertain' ? 'warning' : 'info'} />
      <p>
        <span class="visually-hidden">{texts.doubts.kinds[kind()]}: </span>
        <Show when={texts.doubts.leads[props.doubt.code]}>{(lead) => <strong>{lead()}. </strong>}</Show>
        {asSentence(props.doubt.message)}
      </p>
    </li>
  );
}
