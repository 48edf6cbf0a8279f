/** The sentences of comparisons. Apart from `texts.ts`, which comes with the first load. */
export const compareTexts = {
  title: (name: string) => `Compare ${name}`,
  mode: { label: 'Compare with', results: 'Another result', periods: 'Two periods' },
  noResult: 'There is nothing to compare: this file has no totals.',

  choice: {
    title: 'Compare with…',
    same: 'Same question',
    otherAmounts: 'Same groups, other amounts',
    none: 'No other result has the same groups yet.',
    noneHint: (question: string) =>
      `Ask this file with another condition, as another year or region; or another file for ${question}. Each result with the same groups is offered here.`,
    askThis: 'Ask this file with another condition',
    periods: 'Compare two periods of this result',
    others: (count: string) =>
      count === '1'
        ? '1 other result has other groups and cannot be compared with this one.'
        : `${count} other results have other groups and cannot be compared with this one.`,
    search: 'Search results',
    noneFound: 'No result matches.',
    another: 'Choose another',
    more: 'Show more results',
  },

  otherGroups: {
    title: (name: string) => `${name} cannot be compared with this result`,
    groups: (here: string, there: string) => `This result is grouped by ${here}, the other one by ${there}.`,
    ask: (name: string) => `Ask ${name} the same question`,
  },
  otherResult: (name: string) => `${name} has no totals to compare with.`,
  missingResult: 'The other result was deleted, or the link is incomplete.',
  lookingFor: 'Looking for the other result…',

  doubts: 'Before you rely on the difference, look at what is doubtful about its totals:',
  otherAmount: (here: string, there: string) => `${here} is compared with ${there}.`,
  sideOf: (filename: string, name: string) => `${filename}, ${name}`,
  unfiltered: 'all rows',
  anyOf: (column: string) => `any ${column}`,
  minus: (here: string, there: string) => `${here} minus ${there}`,
  amount: 'Amount',
  amountThere: (name: string) => `Amount of ${name}`,
  swap: 'Swap both sides',

  difference: 'Difference',
  differenceBySize: 'Difference ±',
  change: 'Change',
  all: 'All rows',
  noValue: '–',
  only: (name: string) => `only in ${name}`,
  counts: {
    both: (count: string) => `${count} in both`,
    only: (count: string, name: string) => `${count} only in ${name}`,
  },

  caption: (amount: string, groups: string) => `Difference of ${amount} per ${groups}`,
  captionOfTotal: (amount: string) => `Difference of ${amount}`,
  rows: 'Rows of the comparison',
  search: (groups: string) => `Search ${groups}`,
  found: (count: string) => (count === '1' ? '1 group' : `${count} groups`),
  none: (search: string) => `No group contains “${search}”.`,
  csv: 'CSV',
  csvName: 'Download the comparison as CSV',
  filename: (here: string, there: string) => `${here} and ${there}.csv`,
  changeHead: 'Change in %',
  amountsOf: (here: string, there: string) => `${here} and ${there}`,
  amountOf: (amount: string, name: string) => `${amount}, ${name}`,
  copiedPart: (rows: string, all: string) =>
    `First ${rows} of ${all} rows copied. Download the CSV to get all of them.`,

  loading: (loaded: string, all: string) => `Loading ${loaded} of ${all} groups…`,
  looking: 'Loading the groups…',
  leading: (most: string, count: string, here: string, there: string) =>
    `One of the results has more than ${most} groups. These are the ones with the largest sums, up to ${count} of ${here} and ${count} of ${there}, each with its value on both sides; copies and the CSV have these. A search looks through all groups. The totals above are of all rows.`,
  leadingFound: (count: string, here: string, there: string) =>
    `Of the groups that the search has found, these are the ones with the largest sums, up to ${count} of ${here} and ${count} of ${there}, each with its value on both sides.`,
  leftOut: (count: string) =>
    count === '1'
      ? '1 group is left out: its name is too long to be looked up on the other side.'
      : `${count} groups are left out: their names are too long to be looked up on the other side.`,

  periods: {
    before: 'Compared with',
    one: (kind: string) => `There is only one ${kind} in this result: nothing to compare it with.`,
    none: 'None of the dates could be placed in time.',
    offered: (count: string) =>
      `This result has too many groups to know all its periods: those of the ${count} groups with the largest sums are offered. What is compared is whole.`,
    tooMany: (groups: string, most: string) =>
      `The two periods have ${groups} groups; up to ${most} are compared. Group by fewer columns to compare them.`,
  },
} as const;
