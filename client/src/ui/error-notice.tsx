import { type ParentProps, Show } from 'solid-js';

/** An error, read aloud at once, and an action against it. */
export function ErrorNotice(props: ParentProps<{ action?: { label: string; run(): void } | undefined }>) {
  return (
    <div class="notice" data-tone="bad" role="alert">
      <p>{props.children}</p>
      <Show when={props.action}>
        {(action) => (
          <div class="notice-actions">
            <button type="button" class="button" onClick={() => action().run()}>
              {action().label}
            </button>
          </div>
        )}
      </Show>
    </div>
  );
}
