import { Show } from 'solid-js';
import { formatPercent } from '../format/count.ts';
import { Fill } from './fill.tsx';

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
        <Show when={props.fraction !== undefined} fallback={<span class="fill is-endless" />}>
          <Fill share={props.fraction ?? 0} />
        </Show>
      </div>
    </div>
  );
}
