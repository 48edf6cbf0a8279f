import { createStore } from 'solid-js/store';

/** An action that a message offers to its reader. */
export interface ToastAction {
  label: string;
  /** Does it, and returns the links to the jobs that it has brought back. */
  run(): readonly string[];
  /** The message has gone, and the action with it. */
  lapse(): void;
}

/** A short message about something that happened. */
export interface Toast {
  id: number;
  kind: 'info' | 'error';
  text: string;
  action?: ToastAction | undefined;
}

/** The messages on the screen. */
export interface Toasts {
  readonly list: readonly Toast[];
  /**
   * Shows a message, which goes away by itself, and gives its number. With the number of a message that is still shown,
   * the words take its place, and its time begins anew.
   */
  show(kind: Toast['kind'], text: string, action?: ToastAction, inPlaceOf?: number): number;
  /** Takes a message away. */
  dismiss(id: number): void;
  /** Does the action of a message, and removes it. Returns the links to the jobs that are back. */
  act(id: number): readonly string[];
  /** Keeps all messages while a reader is at them; after that, each has its whole time again. */
  hold(isHeld: boolean): void;
}

/** Long enough to be read, and to be acted upon; errors stay longer. */
const shownMs = { info: 5000, action: 8000, error: 12_000 };
/** Of those that nothing can be done about; the others stay in any case. */
const mostPlain = 3;

/** Makes the {@link Toasts} of the page. */
export function createToasts(): Toasts {
  const [list, setList] = createStore<Toast[]>([]);
  const timers = new Map<number, ReturnType<typeof setTimeout>>();
  let isHeld = false;
  let lastId = 0;

  function startTime({ id, kind, action }: Toast): void {
    clearTimeout(timers.get(id));
    const ms = action === undefined ? shownMs[kind] : shownMs.action;
    if (!isHeld) timers.set(id, setTimeout(dismiss, ms, id));
  }

  function stopTime(id: number): void {
    clearTimeout(timers.get(id));
    timers.delete(id);
  }

  function takeAway(id: number): ToastAction | undefined {
    stopTime(id);
    const action = list.find((toast) => toast.id === id)?.action;
    setList((toasts) => toasts.filter((toast) => toast.id !== id));
    return action;
  }

  function dismiss(id: number): void {
    takeAway(id)?.lapse();
  }

  return {
    list,
    show(kind, text, action, inPlaceOf) {
      const isKnown = list.some(({ id }) => id === inPlaceOf);
      const toast = { id: isKnown && inPlaceOf !== undefined ? inPlaceOf : ++lastId, kind, text, action };
      const isPlain = (other: Toast) => other.action === undefined && other.id !== toast.id;
      const outdated = list.filter((other) => isPlain(other) && other.text === text);
      const plain = list.filter((other) => isPlain(other) && other.text !== text);
      if (action === undefined) outdated.push(...plain.slice(0, Math.max(0, plain.length + 1 - mostPlain)));
      for (const { id } of outdated) takeAway(id);
      if (isKnown) setList((other) => other.id === toast.id, toast);
      else setList(list.length, toast);
      startTime(toast);
      return toast.id;
    },
    dismiss,
    act: (id) => takeAway(id)?.run() ?? [],
    hold(value) {
      if (value === isHeld) return;
      isHeld = value;
      for (const toast of list) {
        if (isHeld) stopTime(toast.id);
        else startTime(toast);
      }
    },
  };
}
