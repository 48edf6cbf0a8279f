/** A number for people: `81,511`. */
export function grouped(count: number): string {
  return count.toLocaleString('en');
}

/** A sentence begins with a capital. */
export function capital(text: string): string {
  return text[0]!.toUpperCase() + text.slice(1);
}

/** The decimal separator that this one is not, which groups digits beside it. */
export function oppositeSeparator(decimal: string): '.' | ',' {
  return decimal === '.' ? ',' : '.';
}
