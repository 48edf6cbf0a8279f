/**
 * A text as a terminal may show it. U+FFFD stands for characters that would move the cursor, change colours or the
 * direction of writing, or make two names look alike by taking no room. The joiners that scripts and emoji need stay.
 */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Bidi_Control}\u2028\u2029\u200b\u2060\ufeff]/gu, '\ufffd');
}
