import { onMount } from 'solid-js';
import { useApp } from '../app-state.ts';
import { texts } from '../texts.ts';

/** Asks whether the upload of somebody else is to be cancelled. */
export function ConfirmCancel(props: { name: string }) {
  const { cancels } = useApp();
  let dialog!: HTMLDialogElement;
  onMount(() => dialog.showModal());
  return (
    <dialog
      ref={dialog}
      class="confirm"
      aria-labelledby="confirm-title"
      aria-describedby="confirm-words"
      onClose={() => void cancels.answer(dialog.returnValue === 'cancel')}
    >
      <form method="dialog">
        <h2 id="confirm-title">{texts.confirmCancel.title(props.name)}</h2>
        <p id="confirm-words">{texts.confirmCancel.words}</p>
        <div class="confirm-actions">
          <button type="submit" class="button" value="keep">
            {texts.confirmCancel.keep}
          </button>
          <button type="submit" class="button button-danger" value="cancel">
            {texts.confirmCancel.cancel}
          </button>
        </div>
      </form>
    </dialog>
  );
}
