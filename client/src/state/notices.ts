import { createStore } from 'solid-js/store';

/** What a reader can still do about what a message says. */
export interface NoticeAction {
  label: string;
  run(): void;
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
  /** Shows a message, which goes away by itself, and gives its number. */
  show(kind: Notice['kind'], text: string, action?: NoticeAction): number;
  /** Takes a message away. */
  dismiss(id: number): void;
}

/** Long enough to be read, and to be acted upon; errors stay longer. */
const shownMs = { info: 5000, action: 8000, error: 12_000 };

/** How long a message with an action stays, in milliseconds. */
export const actionMs = shownMs.action;

/** Makes the {@link Notices} of the page. */
export function createNotices(): Notices {
  const [list, setList] = createStore<Notice[]>([]);
  let lastId = 0;
  const dismiss = (id: number) => setList((notices) => notices.filter((notice) => notice.id !== id));
  return {
    list,
    show(kind, text, action) {
      const id = ++lastId;
      const others = list.filter((notice) => notice.text !== text).slice(-2);
      setList([...others, { id, kind, text, action }]);
      setTimeout(() => dismiss(id), action === undefined ? shownMs[kind] : actionMs);
      return id;
    },
    dismiss,
  };
}
