import { createStore } from 'solid-js/store';

/** An action that a message offers to its reader. */
export interface NoticeAction {
  label: string;
  /** Does it, and returns the links to the jobs that it has brought back. */
  run(): readonly string[];
  /** The message has gone, and the action with it. */
  lapse(): void;
}

/** A short message about something that happened. */
export interface Notice {
  id: number;
  kind: 'info' | 'error';
  text: string;
  action?: NoticeAction | undefined;
}

/** The messages on the screen. */
export interface Notices {
  readonly list: readonly Notice[];
  /**
   * Shows a message, which goes away by itself, and gives its number. With the number of a message that is still shown,
   * the words take its place, and its time begins anew.
   */
  show(kind: Notice['kind'], text: string, action?: NoticeAction, inPlaceOf?: number): number;
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

/** Makes the {@link Notices} of the page. */
export function createNotices(): Notices {
  const [list, setList] = createStore<Notice[]>([]);
  const timers = new Map<number, ReturnType<typeof setTimeout>>();
  let isHeld = false;
  let lastId = 0;

  function startTime({ id, kind, action }: Notice): void {
    clearTimeout(timers.get(id));
    const ms = action === undefined ? shownMs[kind] : shownMs.action;
    if (!isHeld) timers.set(id, setTimeout(dismiss, ms, id));
  }

  function stopTime(id: number): void {
    clearTimeout(timers.get(id));
    timers.delete(id);
  }

  function takeAway(id: number): NoticeAction | undefined {
    stopTime(id);
    const action = list.find((notice) => notice.id === id)?.action;
    setList((notices) => notices.filter((notice) => notice.id !== id));
    return action;
  }

  function dismiss(id: number): void {
    takeAway(id)?.lapse();
  }

  return {
    list,
    show(kind, text, action, inPlaceOf) {
      const isKnown = list.some(({ id }) => id === inPlaceOf);
      const notice = { id: isKnown && inPlaceOf !== undefined ? inPlaceOf : ++lastId, kind, text, action };
      const isPlain = (other: Notice) => other.action === undefined && other.id !== notice.id;
      const outdated = list.filter((other) => isPlain(other) && other.text === text);
      const plain = list.filter((other) => isPlain(other) && other.text !== text);
      if (action === undefined) outdated.push(...plain.slice(0, Math.max(0, plain.length + 1 - mostPlain)));
      for (const { id } of outdated) takeAway(id);
      if (isKnown) setList((other) => other.id === notice.id, notice);
      else setList(list.length, notice);
      startTime(notice);
      return notice.id;
    },
    dismiss,
    act: (id) => takeAway(id)?.run() ?? [],
    hold(value) {
      if (value === isHeld) return;
      isHeld = value;
      for (const notice of list) {
        if (isHeld) stopTime(notice.id);
        else startTime(notice);
      }
    },
  };
}
