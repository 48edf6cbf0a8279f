import { type ParentProps, Show } from 'solid-js';

/** What has gone wrong, said at once, and what a reader can do about it. */
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
