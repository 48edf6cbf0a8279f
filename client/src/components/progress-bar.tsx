import { Show } from 'solid-js';
import { formatPercent } from '../lib/count.ts';

/** A labelled bar. Without a fraction it only says that something is going on. */
export function ProgressBar(props: {
  label: string;
  detail: string;
  fraction: number | undefined;
  kind: 'upload' | 'analysis';
}) {
  const percent = () => (props.fraction === undefined ? undefined : Math.floor(props.fraction * 100));
  return (
    <div class="bar-row" data-kind={props.kind}>
      <div class="bar-words">
        <span class="bar-label">{props.label}</span>
        <span class="bar-detail">{props.detail}</span>
        <Show when={props.fraction !== undefined}>
          <span class="bar-percent">{formatPercent(props.fraction ?? 0)}</span>
        </Show>
      </div>
      <div
        class="bar"
        role="progressbar"
        aria-label={props.label}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percent()}
        aria-valuetext={props.detail}
      >
        <div
          class="bar-fill"
          classList={{ 'is-endless': props.fraction === undefined }}
          style={{ transform: props.fraction === undefined ? undefined : `scaleX(${props.fraction})` }}
        />
      </div>
    </div>
  );
}
