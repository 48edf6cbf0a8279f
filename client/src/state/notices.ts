import { createStore } from 'solid-js/store';

/** A short message about something that happened. */
export interface Notice {
  id: number;
  kind: 'info' | 'error';
  text: string;
}

/** The messages on the screen. */
export interface Notices {
  readonly list: readonly Notice[];
  /** Shows a message; it goes away by itself. */
  show(kind: Notice['kind'], text: string): void;
  /** Takes a message away. */
  dismiss(id: number): void;
}

/** Long enough to be read; errors stay longer. */
const shownMs = { info: 5000, error: 12_000 };

/** Makes the {@link Notices} of the page. */
export function createNotices(): Notices {
  const [list, setList] = createStore<Notice[]>([]);
  let lastId = 0;
  const dismiss = (id: number) => setList((notices) => notices.filter((notice) => notice.id !== id));
  return {
    list,
    show(kind, text) {
      const id = ++lastId;
      setList((notices) => [...notices.filter((notice) => notice.text !== text).slice(-2), { id, kind, text }]);
      setTimeout(() => dismiss(id), shownMs[kind]);
    },
    dismiss,
  };
}
