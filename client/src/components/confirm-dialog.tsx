import { texts } from '../texts.ts';

/** Asks before something is lost. Call `open` from outside through `ref`. */
export function ConfirmDialog(props: {
  ref: (dialog: HTMLDialogElement) => void;
  title: string;
  hint: string;
  action: string;
  onConfirm: () => void;
}) {
  let dialog!: HTMLDialogElement;
  return (
    <dialog
      class="dialog"
      aria-label={props.title}
      ref={(element) => {
        dialog = element;
        props.ref(element);
      }}
    >
      <h2>{props.title}</h2>
      <p>{props.hint}</p>
      <div class="dialog-actions">
        <button type="button" class="button" onClick={() => dialog.close()} autofocus>
          {texts.actions.keep}
        </button>
        <button
          type="button"
          class="button button-danger"
          onClick={() => {
            dialog.close();
            props.onConfirm();
          }}
        >
          {props.action}
        </button>
      </div>
    </dialog>
  );
}
