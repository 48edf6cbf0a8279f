/** Delays a call until no other has come for `ms`; only the last one is made. */
export function debounce<Args extends unknown[]>(call: (...args: Args) => void, ms: number): (...args: Args) => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return (...args) => {
    clearTimeout(timer);
    timer = setTimeout(() => call(...args), ms);
  };
}
