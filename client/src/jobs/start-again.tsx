import { Show } from 'solid-js';
import type { Job } from '#gen/tallystream/v1/gateway_pb.ts';
import { useApp } from '../app-state.ts';
import { FileButton } from '../ui/file-button.tsx';

/** Leads back to the settings of a file that is not on the server any more: with the file of this tab, or one that is chosen. */
export function StartAgain(props: { job: Job; label: string; chooseLabel: string }) {
  const app = useApp();
  return (
    <Show
      when={app.fileOf(props.job.id)}
      fallback={
        <FileButton
          class="button"
          label={props.chooseLabel}
          onFiles={([file]) => file && app.startAgain(props.job.id, file)}
        >
          {props.chooseLabel}
        </FileButton>
      }
    >
      {(file) => (
        <button type="button" class="button" onClick={() => app.startAgain(props.job.id, file())}>
          {props.label}
        </button>
      )}
    </Show>
  );
}
