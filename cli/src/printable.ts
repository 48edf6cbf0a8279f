/** A name as a terminal may show it: what would move the cursor or change colours is shown as U+FFFD. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]/gu, '\ufffd');
}
