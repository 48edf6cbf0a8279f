import { onCleanup, onMount } from 'solid-js';

/** Browsers round where an area is scrolled to. In pixels. */
const tolerance = 1;

/**
 * Marks a scrolling area with `data-more-left` and `data-more-right` while columns are beyond its edges, for styles that say
 * so: not every system draws a bar for it.
 */
export function markScrollEdges(area: () => HTMLElement): void {
  onMount(() => {
    const element = area();
    const mark = () => {
      const { scrollLeft, scrollWidth, clientWidth } = element;
      element.toggleAttribute('data-more-left', scrollLeft > tolerance);
      element.toggleAttribute('data-more-right', scrollLeft + clientWidth < scrollWidth - tolerance);
    };
    element.addEventListener('scroll', mark, { passive: true });
    const observer = new ResizeObserver(mark);
    for (const each of [element, ...element.children]) observer.observe(each);
    onCleanup(() => {
      element.removeEventListener('scroll', mark);
      observer.disconnect();
    });
  });
}
