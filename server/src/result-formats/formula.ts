/**
 * The beginning of a cell that a spreadsheet runs, with the wide forms that are read in East Asia
 * (https://owasp.org/www-community/attacks/CSV_Injection).
 */
const RUNS = '[=+\\-@\uff1d\uff0b\uff0d\uff20]';
const AT_START = new RegExp(`^(?=\\s*${RUNS}|[\\t\\r\\n])`);
/** Where the list separator of the reader's locale is one of these, or quotes are not looked at, a cell begins behind it. */
const BEHIND_SEPARATOR = new RegExp(`([;|\\t\\r\\n]\\s*)(?=${RUNS})`, 'g');

/** Puts an apostrophe before a text that a spreadsheet would take for a formula, wherever it could begin a cell. */
export function withoutFormulas(text: string): string {
  return text.replace(BEHIND_SEPARATOR, "$1'").replace(AT_START, "'");
}
