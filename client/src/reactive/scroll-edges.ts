import { onCleanup, onMount } from 'solid-js';

/**
 * Marks a scrolling area with `data-more-left` and `data-more-right` while columns are beyond its edges, for styles that say
 * so: not every system draws a bar for it.
 */
export function markScrollEdges(area: () => HTMLElement): void {
  onMount(() => {
    const element = area();
    const mark = () => {
      const { scrollLeft, scrollWidth, clientWidth, offsetWidth } = element;
      // Browsers round where an area is scrolled to, and some scroll below the room of a bar that is not drawn.
      const tolerance = Math.max(1, offsetWidth - clientWidth);
      element.toggleAttribute('data-more-left', scrollLeft > 1);
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
