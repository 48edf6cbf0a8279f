/** The sentences of results of several groups and of dates. Apart from `texts.ts`, which comes with the first load. */
export const resultTexts = {
  view: {
    label: 'Show as',
    list: 'List',
    chart: 'Chart',
    pivot: 'Pivot',
  },
  loading: (loaded: string, all: string) => `Loading ${loaded} of ${all} groups…`,
  tooMany: (most: string, groups: string) =>
    `Chart, pivot, changes and sorting by changes are there for up to ${most} groups; this result has ${groups}. Group by fewer columns or by longer periods to see them.`,
  nonePasses: {
    title: 'No row passes the filters',
    hint: (rows: string) =>
      `${rows === '1' ? 'The only row of the file is' : `All ${rows} rows of the file are`} left out. Take a filter away to see totals.`,
  },
  empty: '(empty)',
  periods: { year: 'year', quarter: 'quarter', month: 'month', week: 'week', day: 'day' },

  amounts: {
    label: 'Amount',
    product: (amount: string, factor: string) => `${amount} × ${factor}`,
    total: (amount: string) => `Grand total of ${amount}`,
    others: (amount: string) => `Total of ${amount}`,
    show: (amount: string) => `Show by ${amount}`,
  },

  chart: {
    title: (amount: string, period: string) => `${amount} by ${period}`,
    soFar: (amount: string, period: string) => `${amount} by ${period} so far`,
    total: 'Total',
    others: (count: string) => `${count} others`,
    lines: 'Lines',
    linesOf: 'A line for each',
    gaps: (period: string) => `Where a line is interrupted, there are no rows of that ${period}.`,
    noValue: 'no rows',
    value: (name: string, value: string) => `${name}: ${value}`,
    keys: 'Click a point or press Enter to ask about it; arrow keys read the values.',
    base: (value: string) => `The axis begins at ${value}, not at zero.`,
    readKeys: 'Arrow keys read the values.',
    png: 'PNG',
    svg: 'SVG',
    pngName: 'Download the chart as PNG',
    svgName: 'Download the chart as SVG',
    notDrawn: 'This browser could not make the picture.',
    none: 'None of the dates could be placed in time.',
    noLine: 'All lines are switched off.',
  },

  pivot: {
    caption: (amount: string, rows: string, columns: string) => `${amount} by ${rows} and ${columns}`,
    area: 'Cells of the pivot',
    rows: 'Rows',
    columns: 'Columns',
    swap: 'Swap rows and columns',
    changes: (period: string) => `Changes to the ${period} before`,
    order: 'Sort rows by',
    orders: { total: 'Total', name: 'Name' },
    total: 'Total',
    tooWide: (columns: string, most: string) =>
      `This pivot would have ${columns} columns; up to ${most} are shown. Choose others, or swap rows and columns.`,
    tooLong: (rows: string, most: string) =>
      `This pivot would have ${rows} rows; up to ${most} are shown. Choose others.`,
    noValue: 'no rows',
    shade: (least: string, most: string) => `Cells are shaded from ${least} to ${most}.`,
    size: (rows: string, columns: string) => `${rows} × ${columns}`,
    copied: (rows: string) => `Pivot with ${rows} rows copied.`,
    printed: (rows: string, all: string) => `The first ${rows} of ${all} rows.`,
  },

  changes: {
    before: (period: string) => `vs. previous ${period}`,
    yearBefore: 'vs. year before',
    part: '%',
    sortByPart: (head: string) => `${head}, in %`,
  },

  askOn: {
    menu: (name: string) => `Ask about ${name}`,
    only: (name: string) => `Only ${name}`,
    finer: (name: string, period: string) => `${name} by ${period}`,
    asking: 'Asking…',
    filters: 'Only rows where',
    without: (filter: string) => `Ask without “${filter}”`,
    leftOut: (rows: string) => (rows === '1' ? '1 row is left out.' : `${rows} rows are left out.`),
  },
} as const;
