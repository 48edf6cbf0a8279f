import { texts } from '../texts.ts';

const { prepare, question } = texts;

/** The page's name of each option of the API: the label of its setting. */
const labels: Record<string, string> = {
  delimiter: prepare.delimiter,
  quote: prepare.quote,
  header: prepare.header,
  encoding: prepare.encoding,
  decimalSeparator: prepare.decimal,
  groupSeparator: prepare.group,
  skipLines: prepare.skipLines,
  departmentColumn: question.groupBy,
  groupBy: question.groupBy,
  amountColumn: question.sum,
  negativeAmounts: prepare.negative,
};

/** The page's words for values of options, by the server's advice to set them. */
const values: readonly [advice: string, word: string][] = [
  ['decimalSeparator to ","', prepare.decimalNames[','] ?? ''],
  ['decimalSeparator to "."', prepare.decimalNames['.'] ?? ''],
  ['quote to none', quoted(prepare.quotes.none ?? '')],
  ['header to true', quoted(prepare.headers.true ?? '')],
  ['header to false', quoted(prepare.headers.false ?? '')],
  ['negativeAmounts to reject', quoted(prepare.negatives.reject ?? '')],
  ['negativeAmounts to count', quoted(prepare.negatives.count ?? '')],
];

const rules: readonly [pattern: RegExp, words: string][] = [
  ...values.map(([advice, word]): [RegExp, string] => {
    const [option = '', value = ''] = advice.split(' to ');
    return [new RegExp(`\\b${option} to ${value.replace('.', '\\.')}(?!\\w)`, 'g'), `${option} to ${word}`];
  }),
  ...Object.entries(labels).map(([option, label]): [RegExp, string] => [optionPattern(option), quoted(label)]),
  [/give the 0-based index instead/g, prepare.chooseColumn],
  // Elsewhere it is a word like any other.
  [/^where(?= has | is )/g, quoted(question.onlyWhere)],
];

/** A sentence of the server in the words of the page. The server calls options as in its API. */
export function inPageWords(sentence: string): string {
  return rules.reduce((words, [pattern, word]) => words.replace(pattern, word), sentence);
}

/** `quote`, `header` and the like are words too: they are options where something is to be done with them. */
function optionPattern(option: string): RegExp {
  if (/[A-Z]/.test(option)) return new RegExp(`\\b${option}\\b`, 'g');
  const acted = String.raw`(?<=\b(?:[Ss]et|[Cc]heck|and)(?: the)? |”, )${option}\b`;
  return new RegExp(`${acted}|^${option}(?= is | and )`, 'g');
}

function quoted(word: string): string {
  return `“${word}”`;
}
