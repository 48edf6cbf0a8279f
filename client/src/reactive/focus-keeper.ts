/** The elements that the Tab key stops at. */
const stops = ':is(a[href], button, input, select, [tabindex="0"]):not(:disabled)';
/** Where reading goes on when there is nothing to stop at: headings and messages that take the focus from a script. */
const places = ':is(h1, h2, main, [role="status"])[tabindex="-1"]';

/**
 * Moves the focus on when the element that has it goes away: browsers let it fall to the body, from where a keyboard
 * starts all over and a screen reader says nothing. It goes to what stands in the place of that element:
 *
 * - in a list, the next item, or the one before if it was the last;
 * - in a group of controls, the first of them that is there now;
 * - else the nearest heading or message that takes the focus.
 *
 * An element that only moves keeps it. Code that knows a better place moves the focus there at once, and nothing
 * happens here.
 *
 * @returns ends it
 */
export function keepFocus(root: HTMLElement): () => void {
  /** The element that has the focus, with all that it is in. */
  let path: Element[] = [];
  let isShown = false;

  const remember = ({ target }: FocusEvent) => {
    path = target instanceof Element ? ancestry(target) : [];
    isShown = path[0]?.matches(':focus-visible') ?? false;
  };
  const forget = () => {
    // Some browsers tell of an element that goes away as of one that is left: the code below comes first then.
    setTimeout(() => {
      if (document.activeElement === document.body) path = [];
    });
  };
  const observer = new MutationObserver((records) => {
    if (path.length === 0 || document.activeElement !== document.body) return;
    if (path[0]?.isConnected) {
      const isMoved = records.some(({ addedNodes }) => path.some((element) => [...addedNodes].includes(element)));
      if (isMoved && path[0] instanceof HTMLElement) path[0].focus({ preventScroll: true });
      return;
    }
    const gone = path.findLast((element) => !element.isConnected);
    const around = path.filter((element) => element.isConnected);
    path = [];
    if (gone === undefined) return;
    // A pointer looks where it is: the window must not jump away from it.
    findHeir(gone, around, records)?.focus({ preventScroll: !isShown });
  });

  root.addEventListener('focusin', remember);
  root.addEventListener('focusout', forget);
  observer.observe(root, { childList: true, subtree: true });
  return () => {
    root.removeEventListener('focusin', remember);
    root.removeEventListener('focusout', forget);
    observer.disconnect();
  };
}

function ancestry(element: Element): Element[] {
  const path: Element[] = [];
  for (let next: Element | null = element; next !== null; next = next.parentElement) path.push(next);
  return path;
}

function findHeir(gone: Element, around: readonly Element[], records: MutationRecord[]): HTMLElement | undefined {
  const [parent] = around;
  if (parent?.matches('ul, ol')) {
    const item = neighbour(gone, parent, records, 'nextSibling') ?? neighbour(gone, parent, records, 'previousSibling');
    const stop = item?.querySelector<HTMLElement>(stops);
    if (stop) return stop;
  }
  if (parent?.matches('fieldset')) {
    const stop = parent.querySelector<HTMLElement>(stops);
    if (stop) return stop;
  }
  for (const element of around) {
    const place = element.querySelector<HTMLElement>(places) ?? (element.matches(places) ? element : undefined);
    if (place instanceof HTMLElement) return place;
  }
  return undefined;
}

/** The element beside one that has gone, past all that have gone with it. */
function neighbour(
  gone: Element,
  parent: Element,
  records: MutationRecord[],
  side: 'nextSibling' | 'previousSibling',
): Element | undefined {
  const left = new Map<Node, Node | null>();
  for (const record of records) for (const node of record.removedNodes) left.set(node, record[side]);
  let node: Node | null | undefined = left.get(gone);
  while (node && (node.parentNode !== parent || !(node instanceof Element))) {
    node = node.parentNode === parent ? node[side] : left.get(node);
  }
  return node ?? undefined;
}
