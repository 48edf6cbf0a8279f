import { createSignal, Show } from 'solid-js';
import type { Job } from '#gen/tallystream/v1/gateway_pb.ts';
import { useApp } from '../app-state.ts';
import { FileButton } from '../ui/file-button.tsx';
import { whyNotWanted } from './wanted-file.ts';

/** Takes the file that a job waits for, and no other one, and sends it. */
export function SendFile(props: { job: Job; label: string; isPrimary: boolean }) {
  const app = useApp();
  const [mismatch, setMismatch] = createSignal('');
  const send = async (file: File) => {
    const { id, uploadUrl } = props.job;
    setMismatch(await whyNotWanted(file, props.job));
    if (mismatch() === '') app.uploads.start(id, uploadUrl, file);
  };
  return (
    <>
      <FileButton
        class={props.isPrimary ? 'button button-primary' : 'button'}
        label={props.label}
        onFiles={([file]) => file && void send(file)}
      >
        {props.label}
      </FileButton>
      <Show when={mismatch() !== ''}>
        <p role="alert">{mismatch()}</p>
      </Show>
    </>
  );
}
