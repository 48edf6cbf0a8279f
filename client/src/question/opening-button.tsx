import type { JSX } from 'solid-js';

/** A button that opens a popover, and closes the one that it has opened. */
export function OpeningButton(props: {
  class: string;
  part: string | undefined;
  add: string | undefined;
  label: string;
  isOpen: boolean;
  onOpen: () => void;
  onClose: () => void;
  children: JSX.Element;
}) {
  // Pressing a pointer elsewhere than in the popover closes that, before the click comes.
  let wasOpen = false;
  return (
    <button
      type="button"
      class={props.class}
      data-part={props.part}
      data-add={props.add}
      tabindex={props.add === undefined ? 0 : -1}
      aria-label={props.label}
      title={props.add === undefined ? undefined : props.label}
      aria-haspopup="dialog"
      aria-expanded={props.isOpen}
      onPointerDown={() => {
        wasOpen = props.isOpen;
      }}
      onClick={() => {
        if (wasOpen) props.onClose();
        else props.onOpen();
        wasOpen = false;
      }}
    >
      {props.children}
    </button>
  );
}
