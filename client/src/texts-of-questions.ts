/** The sentences of the question before its start. They stand apart from `texts.ts`, which comes with the first load. */
export const questionTexts = {
  title: 'The question',
  by: 'by',
  where: 'only where',
  over: 'over',
  allRows: 'all rows',
  labels: {
    amount: (column: string) => `Sum of: ${column}`,
    group: (group: string) => `Group by: ${group}`,
    filter: (filter: string) => `Only where: ${filter}`,
    allRows: 'Only where: no condition, all rows',
  },
  addGroup: 'Add a group',
  addFilter: 'Add a condition',
  remove: (part: string) => `Remove ${part}`,
  removeIt: 'Remove',
  done: 'Done',
  sumTitle: 'Which column to add up',
  replacesAmounts: 'The column that is chosen here takes the place of all of these.',
  groupTitle: 'Which column to group by',
  filterTitle: 'Which rows count',
  sameColumn: 'The same column is added up and grouped by. Choose two different ones.',
  searchColumns: 'Search columns',
  foundColumns: (count: string, all: string) => `${count} of ${all} columns`,
  kinds: { text: 'Text', number: 'Numbers', date: 'Dates', none: 'No values' },
  distinct: (count: string) => (count === '1' ? '1 value' : `${count} different`),
  empty: (count: string) => `${count} empty`,
  inSample: 'Figures of the first rows only.',
  isAmount: 'is added up',
  isGroup: 'is in the question',
  period: 'Dates by',
  periods: {
    '': 'As they stand',
    day: 'Day',
    week: 'Week',
    month: 'Month',
    quarter: 'Quarter',
    year: 'Year',
  } as Record<string, string>,
  column: 'Column',
  condition: 'Condition',
  tests: {
    in: 'is one of',
    notIn: 'is none of',
    between: 'is between',
    empty: 'is empty',
    notEmpty: 'is not empty',
  },
  values: 'Values',
  valuesHint: 'The most frequent values of the first rows. The file may have others.',
  searchValues: 'Search these values',
  otherValue: 'Another value',
  add: 'Add',
  from: 'From',
  to: 'To',
  rangeHint:
    'Both included; one may stay empty. A number, with a point for decimals, or a date: 2026-12-31, 2026-12, 2026-Q4, 2026-W53.',
  use: {
    amount: (column: string) => `Sum ${column}`,
    group: (column: string) => `Group by ${column}`,
    filter: (column: string) => `Filter by ${column}`,
  },
  roles: { amount: 'Sum', group: 'Group', filter: 'Filter' },
  asLastTime: 'This is the question of the last file with these columns.',
  forget: 'Begin with the suggested one instead',
  badFilters: (filters: string) => `The link has a condition that cannot be read, and is left out: ${filters}`,
} as const;

/** The sentences about a file before its start. */
export const preparationTexts = {
  more: (count: number) => (count === 1 ? '1 more file after this' : `${count} more files after this`),
  nothingSent: 'Only the first 64 KB have been read so far.',
  onServer: 'It is on the server already: nothing is uploaded.',
  files: (count: string) => `${count} files`,
  moreSettings: 'More settings',
  automatic: (found: string) => (found === '' ? 'Automatic' : `Automatic: ${found}`),
  delimiters: { ',': 'Comma  ,', ';': 'Semicolon  ;', '\t': 'Tab', '|': 'Bar  |' } as Record<string, string>,
  decimals: { '.': 'Point  1.5', ',': 'Comma  1,5' } as Record<string, string>,
  groups: { none: 'None', ',': 'Comma  ,', '.': 'Point  .', ' ': 'Space', "'": "Apostrophe  '" } as Record<
    string,
    string
  >,
  sampleCaption: 'First rows of the file',
  wouldBeRejected: (reason: string) => `Would be rejected: ${reason}`,
  filteredRow: 'Left out by a condition',
  filteredRows: (count: number, all: number) =>
    count === all
      ? 'The conditions leave out all of these rows.'
      : `The conditions leave out ${count} of these ${all} rows.`,
  showColumns: (count: string) => `Show all ${count} columns`,
  hideColumns: 'Show fewer columns',
  noRows: 'There is a header, but no row below it: nothing to add up yet.',
  again: 'Look again',
  rejectedRows: (count: number, all: number) =>
    count === all
      ? 'None of these rows would count. Check the columns and the settings.'
      : `${count} of these ${all} rows would not count.`,
  start: 'Start',
  starting: 'Starting…',
} as const;
