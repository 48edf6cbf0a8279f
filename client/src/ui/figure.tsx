import type { JSX } from 'solid-js';

/** A number with its name. To be used inside a `<dl class="figures">`. */
export function Figure(props: { label: string; children: JSX.Element; tone?: 'bad' | undefined }) {
  return (
    <div class="figure" data-tone={props.tone}>
      <dt>{props.label}</dt>
      <dd>{props.children}</dd>
    </div>
  );
}
