import { For } from 'solid-js';
import { resultTexts } from '../texts-of-results.ts';
import type { ViewName } from './result-view.ts';

/** The choice between the ways to look at a result. */
export function ViewSwitch(props: { views: readonly ViewName[]; shown: ViewName; onChoose: (view: ViewName) => void }) {
  return (
    <fieldset class="filters view-switch">
      <legend class="visually-hidden">{resultTexts.view.label}</legend>
      <For each={props.views}>
        {(view) => (
          <label>
            <input
              type="radio"
              name="result-view"
              checked={props.shown === view}
              onChange={() => props.onChoose(view)}
            />
            {resultTexts.view[view]}
          </label>
        )}
      </For>
    </fieldset>
  );
}
