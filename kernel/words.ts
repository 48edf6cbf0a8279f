/** A number for people: `81,511`. */
export function grouped(count: number | bigint): string {
  // The formats of Intl take longer to load than a small file to be read.
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** A sentence begins with a capital. */
export function capital(text: string): string {
  return text[0]!.toUpperCase() + text.slice(1);
}

/** The decimal separator that this one is not, which groups digits beside it. */
export function oppositeSeparator(decimal: string): '.' | ',' {
  return decimal === '.' ? ',' : '.';
}
