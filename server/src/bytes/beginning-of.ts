/** The first UTF-16 units of a text, at most so many, and not through the middle of a character of two. */
export function beginningOf(text: string, most: number): string {
  return text.length <= most ? text : text.slice(0, most).replace(/[\ud800-\udbff]$/, '');
}
