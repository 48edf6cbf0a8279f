import { isAmountText } from './amount-text.ts';
import { isDate, isMissing, isYear } from './column-facts.ts';
import { amountClass, departmentRank, groupRank, NameClass } from './column-names.ts';
import { type ColumnWishes, findByName } from './columns.ts';
import type { SampleRecord } from './sample-records.ts';

/** Rows that are looked at to tell what a column holds. */
const EVIDENCE_ROWS = 100;
/** A header is looked for among so many records. */
const MAX_RECORDS_ABOVE = 60;
/** Columns that are looked at. */
const EVIDENCE_COLUMNS = 100;
/** Evidence for or against a header that is weaker than this is a doubt. */
const CERTAIN = 1.5;
/** A record further down must have so much more evidence than the first one to be the header. */
const BETTER = 2;
/** A header that stands lower must have at least so much evidence; below lines that are no records less. */
const ENOUGH = 3;
const ENOUGH_BELOW_TITLES = 2;
/** How much it counts that a header is followed by a row, and that no record of its width stands above. */
const FOLLOWED = 3;

/** Where a table begins in a sample. */
export interface Table {
  /** The record that names the columns; undefined if there is none. */
  header: SampleRecord | undefined;
  /** The data rows. */
  rows: SampleRecord[];
  /** Records above the table, which are left out. */
  above: SampleRecord[];
  /** The doubt about the decision on the header, in a sentence; undefined if it is certain. */
  headerDoubt: string | undefined;
}

/** The settings that are given or known; `undefined` means: detect it. */
export interface TableWishes extends ColumnWishes {
  hasHeader: boolean | undefined;
  /** Whether lines above the header may be left out. */
  maySkip: boolean;
}

/**
 * Finds the header and the rows.
 *
 * @param records that are not blank, at least one
 * @param width of most records
 */
export function detectTable(records: readonly SampleRecord[], width: number, wishes: TableWishes): Table {
  const start = wishes.maySkip ? tableStart(records, width, wishes) : 0;
  const above = records.slice(0, start);
  const body = records.slice(start);
  const named = wishes.hasHeader === undefined && hasWishedName(body[0]!, wishes);
  const evidence = headerEvidence(body);
  const hasHeader = wishes.hasHeader ?? (named || isHeader(evidence));
  return {
    header: hasHeader ? body[0] : undefined,
    rows: hasHeader ? body.slice(1) : body,
    above,
    headerDoubt: wishes.hasHeader === undefined && !named ? doubtOf(evidence, hasHeader) : undefined,
  };
}

function hasWishedName({ fields }: SampleRecord, wishes: ColumnWishes): boolean {
  return [wishes.departmentColumn, wishes.amountColumn].some(
    (wish) => wish !== undefined && !/^\d+$/.test(wish.trim()) && findByName(fields, wish).length > 0,
  );
}

/** The record at which the table begins: its header or, if that is missing, its first row. */
function tableStart(records: readonly SampleRecord[], width: number, wishes: TableWishes): number {
  const limit = Math.min(records.length, MAX_RECORDS_ABOVE);
  const first = headerEvidence(records);
  let best = { at: 0, weight: first.score + (isFollowedByRow(records, 0) ? FOLLOWED : 0) };
  for (let at = 1; at < limit && wishes.hasHeader !== false; at++) {
    const record = records[at]!;
    const above = records.slice(0, at);
    const below = records.slice(at);
    if (!isAsWide(record, width)) continue;
    const numeric = numericColumns(below);
    // Behind the first row there is no beginning of a table.
    if (numeric.length > 0 && above.some((row) => row.fields.length === width && isRow(row, numeric))) break;
    if (numeric.length === 0) continue;
    if (hasWishedName(record, wishes) && !hasWishedName(records[0]!, wishes)) return at;
    const isOddAbove = above.every((row) => !isAsWide(row, width) || isSparse(row.fields));
    const evidence = headerEvidence(below);
    const isEnough = evidence.score >= (isOddAbove ? ENOUGH_BELOW_TITLES : Math.max(ENOUGH, first.score + BETTER));
    const weight = evidence.score + (isFollowedByRow(records, at) ? FOLLOWED : 0) + (isOddAbove ? FOLLOWED : 0);
    if (isHeader(evidence) && isEnough && weight > best.weight) best = { at, weight };
    // Nothing above it could be a row or a header, and it is a row: the table has no header.
    else if (isOddAbove && best.at === 0 && isRow(record, numeric)) return at;
  }
  if (best.at > 0 || isAsWide(records[0]!, width)) return best.at;
  // A first record of another width belongs to no table.
  return Math.max(
    0,
    records.slice(0, limit).findIndex((record) => isAsWide(record, width)),
  );
}

/** Whether the record behind one that may be a header is a row. */
function isFollowedByRow(records: readonly SampleRecord[], at: number): boolean {
  const next = records[at + 1];
  return next !== undefined && isRow(next, numericColumns(records.slice(at)));
}

/** Whether a record may be the header of rows of a width: it may lack a name, or have empty ones at the end. */
function isAsWide({ fields }: SampleRecord, width: number): boolean {
  if (fields.length < 2) return false;
  return fields.length === width || fields.length === width - 1 || fields.slice(width).every((field) => field === '');
}

function isRow({ fields }: SampleRecord, numeric: readonly number[]): boolean {
  return numeric.some((column) => isAmountText(fields[column] ?? ''));
}

/** A title that a spreadsheet has filled up with empty cells. */
function isSparse(fields: readonly string[]): boolean {
  // The names of rows often have no name of their own.
  const rest = fields[0] === '' ? fields.slice(1) : fields;
  return (
    rest.filter((field) => field !== '').length * 2 <= rest.length &&
    rest.length > 0 &&
    !(rest.length === 1 && rest[0] !== '')
  );
}

/** The columns in which most rows behind the first record have amounts. */
function numericColumns(records: readonly SampleRecord[]): number[] {
  const width = Math.min(records[0]!.fields.length, EVIDENCE_COLUMNS);
  return Array.from({ length: width }, (_, column) => column).filter((column) =>
    isNumeric(valuesBelow(records, column)),
  );
}

function valuesBelow(records: readonly SampleRecord[], column: number): string[] {
  const below = records.slice(1, 1 + EVIDENCE_ROWS);
  const asWide = below.filter(({ fields }) => fields.length === records[0]!.fields.length);
  return (asWide.length > 0 ? asWide : below)
    .map(({ fields }) => fields[column] ?? '')
    .filter((value) => !isMissing(value));
}

function isNumeric(values: readonly string[]): boolean {
  return (
    values.length > 0 && values.filter((value) => isAmountText(value) && !isDate(value)).length * 2 >= values.length
  );
}

/** The evidence for and against a record being a header. */
interface HeaderEvidence {
  /** Above zero for a header. */
  score: number;
  hasRows: boolean;
  hasDepartmentName: boolean;
  /** Whether no column holds numbers, so that there is nothing to tell a header by. */
  isAllText: boolean;
  /** Numbers that stand where the rows have numbers, too. */
  numbers: string[];
  /** How many of them may be names: years, running numbers. */
  labels: number;
}

/** Weighs the first of some records against those behind it. */
function headerEvidence(records: readonly SampleRecord[]): HeaderEvidence {
  const names = withoutEmptyEnd(records[0]!.fields).slice(0, EVIDENCE_COLUMNS);
  const hasRows = records.length > 1;
  const numbers: string[] = [];
  let labels = 0;
  let titles = 0;
  let shortNames = 0;
  let recurring = 0;
  let score = 0;
  let numericCount = 0;
  let hasDepartmentName = false;
  let hasGroupName = false;
  let isKnown = false;
  names.forEach((name, column) => {
    const values = valuesBelow(records, column);
    const isNumericBelow = isNumeric(values);
    const rank = departmentRank(name);
    if (isNumericBelow) numericCount++;
    if (rank < Number.POSITIVE_INFINITY) hasDepartmentName = true;
    if (isMissing(name)) {
      score -= 0.5;
    } else if (isDate(name)) {
      if (values.some(isDate)) score -= 2;
    } else if (isAmountText(name)) {
      if (!isNumericBelow && hasRows) return;
      numbers.push(name);
      // Years may name columns, unless the values are years themselves; running numbers do in what programs write.
      const isLabel = isYear(name) ? !values.every(isYear) : /^\d{1,3}$/.test(name) && Number(name) < names.length;
      if (isLabel && hasRows) labels++;
      else score -= 3;
    } else if (isNumericBelow) {
      // A typing error in the first row is no name; `x1` and `Q1` are, if there are more like them.
      if (!/\d/.test(name) || /\p{L}{2}/u.test(name)) titles++;
      else if (/^\p{L}\d{1,3}$/u.test(name)) shortNames++;
      // The name of a variable is one, whatever it says.
      if (/_|\p{Ll}\p{Lu}/u.test(name)) isKnown = true;
      if (amountClass(name) !== NameClass.UNKNOWN) {
        score += 1.5;
        isKnown = true;
      }
    }
    if (rank < Number.POSITIVE_INFINITY) score += 3;
    else if (groupRank(name) < Number.POSITIVE_INFINITY && !isNumericBelow) {
      score += 1.5;
      hasGroupName = true;
    }
    if (values.includes(name) && name !== '') recurring++;
  });
  if (shortNames > 1 || titles > 0 || hasDepartmentName || hasGroupName) titles += shortNames;
  // A name that is a value, too; a header that comes again was joined in.
  if (recurring > 0 && !isRepeated(records)) score -= 1.5;
  const isNamed = hasDepartmentName || hasGroupName || titles > 0;
  const areYears = labels > 1 && numbers.every(isYear) && new Set(numbers).size === numbers.length;
  // Numbers alone name nothing, unless they are years.
  const certain = titles === 1 && !isKnown && !hasDepartmentName && !hasGroupName ? 1 : Math.min(titles, 2) * 2;
  score += certain + (areYears ? 2 : 0) - Math.min(labels, 4) * (isNamed || areYears ? 0.25 : 3);
  return { score, hasRows, hasDepartmentName, isAllText: numericCount === 0 && numbers.length === 0, numbers, labels };
}

/** Without empty names at the end, which a delimiter there makes. */
function withoutEmptyEnd(names: readonly string[]): readonly string[] {
  return names.slice(0, names.findLastIndex((name) => name !== '') + 1);
}

/** Whether the first record comes again as a whole. */
function isRepeated(records: readonly SampleRecord[]): boolean {
  const first = records[0]!.fields;
  return records.some(({ fields }, at) => at > 0 && fields.every((field, column) => field === first[column]));
}

function isHeader({ score, hasDepartmentName, isAllText }: HeaderEvidence): boolean {
  return score > 0 || (score === 0 && hasDepartmentName) || isAllText;
}

function doubtOf(
  { score, hasRows, hasDepartmentName, isAllText, numbers, labels }: HeaderEvidence,
  hasHeader: boolean,
): string | undefined {
  const other = hasHeader ? 'false' : 'true';
  const taken = hasHeader ? 'taken as the header' : 'taken as a row, not as the header';
  if (isAllText && hasRows) {
    return `The first record is ${taken}, because no column holds numbers; set header to ${other} if that is wrong.`;
  }
  if (isAllText && hasDepartmentName) return undefined;
  // Several numbers that may be names are a doubt, whatever else there is.
  const mayBeLabels = !hasHeader && labels > 1;
  if (Math.abs(score) > CERTAIN && !mayBeLabels && !(numbers.length > 0 && hasHeader && !hasRows)) return undefined;
  const what = hasHeader
    ? `the number ${numbers[0]}`
    : mayBeLabels
      ? 'numbers that may be names'
      : 'a typical column name';
  const because = numbers.length > 0 ? `, although it holds ${what}` : '';
  return `The first record is ${taken}${because}; set header to ${other} if that is wrong.`;
}
