import { createEffect, onCleanup, onMount, type ParentProps } from 'solid-js';

/** Between an anchor and its popover, and between that and the edge of the window. */
const gap = 6;
/** Less room than this below its anchor, and it opens above if there is more. */
const leastRoom = 320;

/**
 * A small window beside the control that it belongs to: over everything else, closed by Escape, by a click elsewhere and when
 * the focus leaves it. The focus goes in by its content, and back by `onClose`.
 */
export function Popover(
  props: ParentProps<{
    anchor: HTMLElement | undefined;
    label: string;
    /** @param isLeft whether the reader has gone on elsewhere, where the focus is by now */
    onClose: (isLeft: boolean) => void;
  }>,
) {
  let box!: HTMLDivElement;
  let isOver = false;

  function close(isLeft: boolean): void {
    if (isOver) return;
    isOver = true;
    props.onClose(isLeft);
  }

  onMount(() => {
    box.showPopover();
    createEffect(() => place(box, props.anchor));
    const follow = () => place(box, props.anchor);
    addEventListener('resize', follow);
    onCleanup(() => removeEventListener('resize', follow));
  });
  onCleanup(() => {
    isOver = true;
  });

  return (
    <div
      ref={box}
      class="popover"
      role="dialog"
      aria-label={props.label}
      popover="auto"
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || event.isComposing) return;
        // The page has a use of its own for this key.
        event.preventDefault();
        event.stopPropagation();
        close(false);
      }}
      onFocusOut={({ relatedTarget }) => {
        if (!(relatedTarget instanceof Node) || box.contains(relatedTarget)) return;
        // Later: the focus is on its way, and would be taken for one that was lost.
        setTimeout(() => close(true));
      }}
      on:toggle={(event: Event) =>
        (event as ToggleEvent).newState === 'closed' && close(!box.contains(document.activeElement))
      }
    >
      {props.children}
    </div>
  );
}

/** A window so narrow has the popover at its foot, by the style sheet. */
const narrow = matchMedia('(max-width: 30rem)');

/** Puts a popover below its anchor or above it, where there is more room. It scrolls with the page. */
function place(box: HTMLElement, anchor: HTMLElement | undefined): void {
  box.removeAttribute('style');
  if (anchor === undefined || narrow.matches) return;
  const at = anchor.getBoundingClientRect();
  const { clientWidth: width, clientHeight: height } = document.documentElement;
  const below = height - at.bottom - 2 * gap;
  const above = at.top - 2 * gap;
  const isAbove = below < leastRoom && above > below;
  const left = Math.max(gap, Math.min(at.left, width - box.offsetWidth - gap));
  Object.assign(box.style, {
    left: `${left + scrollX}px`,
    top: isAbove ? 'auto' : `${at.bottom + gap + scrollY}px`,
    bottom: isAbove ? `${height - at.top + gap - scrollY}px` : 'auto',
    maxHeight: `${Math.max(isAbove ? above : below, 200)}px`,
  });
}
