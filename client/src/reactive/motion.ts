const reduced = matchMedia('(prefers-reduced-motion: reduce)');

/** True if the reader has asked for less movement. */
export function prefersReducedMotion(): boolean {
  return reduced.matches;
}
