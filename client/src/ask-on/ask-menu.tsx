import './ask-on.css';
import { createEffect, createMemo, For, on } from 'solid-js';
import type { Job } from '#gen/tallystream/v1/gateway_pb.ts';
import { groupsOf } from '../groups/groups.ts';
import { keysLabel } from '../groups/key-label.ts';
import { resultTexts } from '../texts-of-results.ts';
import type { AskOn } from './ask-on.ts';
import { type Pick, type Way, waysOn } from './narrowed.ts';

const words = resultTexts.askOn;

/** What a reader has pointed at, and where. */
export interface AskTarget {
  picks: readonly Pick[];
  place: DOMRect;
}

/** In pixels. */
const gap = 4;

/** The next questions about what a reader has pointed at, beside it. */
export function AskMenu(props: { job: Job; askOn: AskOn; target: AskTarget | undefined; onClose: () => void }) {
  let menu!: HTMLDivElement;
  const ways = createMemo(() => (props.target === undefined ? [] : waysOn(props.job, props.target.picks)));
  const name = () => keysLabel(props.target?.picks.map(({ value }) => value) ?? []);
  const items = () => [...menu.querySelectorAll<HTMLElement>('[role="menuitem"]')];

  createEffect(
    on([() => props.target, ways], ([target, found]) => {
      if (target === undefined) return;
      if (found.length === 0) return props.onClose();
      menu.showPopover();
      place(menu, target.place);
      items()[0]?.focus({ preventScroll: true });
    }),
  );
  const move = (event: KeyboardEvent) => {
    const all = items();
    const at = all.indexOf(document.activeElement as HTMLElement);
    const next: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 };
    const to = next[event.key];
    if (event.key === 'Tab') menu.hidePopover();
    if (to === undefined) return;
    event.preventDefault();
    all.at(to % all.length)?.focus();
  };
  const ask = (way: Way) => {
    menu.hidePopover();
    void props.askOn.ask(way.options);
  };
  return (
    <div
      ref={menu}
      class="ask-menu"
      popover="auto"
      role="menu"
      tabindex={-1}
      aria-label={words.menu(name())}
      onKeyDown={move}
      onToggle={(event) => event.newState === 'closed' && props.onClose()}
    >
      <For each={ways()}>
        {(way) => (
          <button type="button" role="menuitem" tabindex={-1} onClick={() => ask(way)}>
            {wayLabel(way)}
            <span class="quiet">{wayHint(props.job, way)}</span>
          </button>
        )}
      </For>
    </div>
  );
}

function wayLabel({ picks, finer }: Way): string {
  const name = keysLabel(picks.map(({ value }) => value));
  return finer === undefined ? words.only(name) : words.finer(name, resultTexts.periods[finer]);
}

/** The columns that the values are in: the same value may be in several. */
function wayHint({ dialect }: Job, { picks }: Way): string {
  const groups = groupsOf(dialect);
  return picks.map(({ at }) => groups[at]?.name ?? '').join(', ');
}

/** Places a menu below what it is about, or above where there is no room; never outside of the window, nor beside the page. */
function place(menu: HTMLElement, around: DOMRect): void {
  const { offsetWidth: width, offsetHeight: height } = menu;
  const { clientWidth, clientHeight } = document.documentElement;
  const below = around.bottom + gap;
  const top = below + height <= clientHeight ? below : around.top - height - gap;
  const right = Math.min(contentEdge(menu.parentElement) ?? clientWidth, clientWidth - gap);
  menu.style.left = `${Math.max(gap, Math.min(around.left, right - width))}px`;
  menu.style.top = `${Math.max(gap, Math.min(top, clientHeight - height - gap))}px`;
}

/** Where the content of an element ends on the right, in pixels of the window. */
function contentEdge(element: HTMLElement | null): number | undefined {
  return element === null
    ? undefined
    : element.getBoundingClientRect().right - Number.parseFloat(getComputedStyle(element).paddingRight);
}
