/** Where the window was scrolled to, for each entry of the history of this tab. */
export interface ScrollMemory {
  /** Scrolls a page that has just been shown: to where it was when it was left if the reader comes back, else to its top. */
  settle(): void;
  /** Ends it. */
  stop(): void;
}

/** The content of a page may come a little later than the page. */
const patienceMs = 2000;
/** Then the reader scrolls. */
const takenOver = ['wheel', 'touchstart', 'pointerdown', 'keydown'] as const;

/**
 * Makes the {@link ScrollMemory}. The browser has one of its own, but scrolls before the page is there: by then, the old
 * one is in its place.
 */
export function makeScrollMemory(): ScrollMemory {
  const abort = new AbortController();
  const positions = new Map<number, number>();
  let entry = nameEntry();
  let release = () => {};
  addEventListener('scroll', () => positions.set(entry, scrollY), { passive: true, signal: abort.signal });

  function scrollBackTo(top: number): void {
    scrollTo(0, top);
    if (Math.ceil(scrollY) >= Math.floor(top)) return;
    const waiting = new AbortController();
    const growth = new ResizeObserver(() => {
      scrollTo(0, top);
      if (Math.ceil(scrollY) >= Math.floor(top)) release();
    });
    const timer = setTimeout(() => release(), patienceMs);
    release = () => {
      growth.disconnect();
      clearTimeout(timer);
      waiting.abort();
    };
    growth.observe(document.body);
    for (const event of takenOver) addEventListener(event, release, { passive: true, signal: waiting.signal });
  }

  return {
    settle() {
      release();
      // Entries that a link has made have no name yet.
      entry = nameEntry();
      scrollBackTo(positions.get(entry) ?? 0);
    },
    stop() {
      release();
      abort.abort();
    },
  };
}

/** The name of the current entry of the history, which it keeps. A reload begins anew: its names are never given again. */
function nameEntry(): number {
  const { entry } = (history.state ?? {}) as { entry?: number };
  if (entry !== undefined) return entry;
  const name = Date.now() + Math.random();
  history.replaceState({ ...history.state, entry: name }, '');
  return name;
}
