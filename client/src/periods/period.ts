/** The kinds of periods that a column of dates is grouped by, as the server calls them. */
export type PeriodKind = 'year' | 'quarter' | 'month' | 'week' | 'day';

/** The kinds, and the finer one that a reader goes on to. */
const finer: Record<PeriodKind, PeriodKind | undefined> = {
  year: 'month',
  quarter: 'month',
  month: 'day',
  week: 'day',
  day: undefined,
};

/** Periods of a kind in a year that always has as many. */
const partsOfYear = { year: 1, quarter: 4, month: 12 } as const;
const dayMs = 86_400_000;
/** 1970-01-01 was a Thursday; weeks begin on Mondays. */
const daysToMonday = 3;

/** Whether a text of `GroupColumn.period` is a kind. */
export function isPeriodKind(text: string): text is PeriodKind {
  return text in finer;
}

/** The kind of periods that a period of this kind is looked at more closely by; undefined for days. */
export function finerKind(kind: PeriodKind): PeriodKind | undefined {
  return finer[kind];
}

/**
 * The place of a period in the row of all periods of its kind: those that follow each other differ by 1. Undefined if the
 * text is none, such as `2026-02-30`.
 */
export function periodPlace(kind: PeriodKind, text: string): number | undefined {
  const [year = '', part = ''] = text.split(/-(?:Q|W)?/, 2);
  const number = Number(part);
  const place = () => {
    if (kind === 'day') return Date.parse(`${text}T00:00:00Z`) / dayMs;
    if (kind === 'week') return (firstMonday(Number(year)) + (number - 1) * 7 + daysToMonday) / 7;
    return Number(year) * partsOfYear[kind] + (kind === 'year' ? 0 : number - 1);
  };
  const at = place();
  return Number.isInteger(at) && periodAt(kind, at) === text ? at : undefined;
}

/** The text of the period at a place. */
export function periodAt(kind: PeriodKind, place: number): string {
  if (kind === 'day') return isoDay(place);
  if (kind === 'week') {
    const monday = place * 7 - daysToMonday;
    // A week belongs to the year that its Thursday is in.
    const year = new Date((monday + 3) * dayMs).getUTCFullYear();
    return `${fourDigits(year)}-W${twoDigits((monday - firstMonday(year)) / 7 + 1)}`;
  }
  const parts = partsOfYear[kind];
  const [year, part] = [fourDigits(Math.floor(place / parts)), (place % parts) + 1];
  if (kind === 'year') return year;
  return kind === 'quarter' ? `${year}-Q${part}` : `${year}-${twoDigits(part)}`;
}

/** The period before one. Undefined if the text is no period. */
export function periodBefore(kind: PeriodKind, text: string): string | undefined {
  const place = periodPlace(kind, text);
  return place === undefined ? undefined : periodAt(kind, place - 1);
}

/** The same period of the year before. Undefined if that year has none, as of a 29th of February or a 53rd week. */
export function yearBefore(kind: PeriodKind, text: string): string | undefined {
  if (periodPlace(kind, text) === undefined) return undefined;
  const before = fourDigits(Number(text.slice(0, 4)) - 1) + text.slice(4);
  return periodPlace(kind, before) === undefined ? undefined : before;
}

/** The first and the last day of a period, as days since 1970-01-01. Undefined if the text is no period of any kind. */
export function daysOf(text: string): readonly [first: number, last: number] | undefined {
  const kind = kindOf(text);
  const place = kind && periodPlace(kind, text);
  if (kind === undefined || place === undefined) return undefined;
  return [firstDay(kind, place), firstDay(kind, place + 1) - 1];
}

function kindOf(text: string): PeriodKind | undefined {
  if (/^\d{4}$/.test(text)) return 'year';
  if (/^\d{4}-Q\d$/.test(text)) return 'quarter';
  if (/^\d{4}-W\d\d$/.test(text)) return 'week';
  if (/^\d{4}-\d\d$/.test(text)) return 'month';
  return /^\d{4}-\d\d-\d\d$/.test(text) ? 'day' : undefined;
}

function firstDay(kind: PeriodKind, place: number): number {
  if (kind === 'day') return place;
  if (kind === 'week') return place * 7 - daysToMonday;
  const parts = partsOfYear[kind];
  return utcDay(Math.floor(place / parts), (place % parts) * (12 / parts), 1);
}

/** The Monday of the first week of a year: the week that the 4th of January is in (ISO 8601). */
function firstMonday(year: number): number {
  const fourth = utcDay(year, 0, 4);
  return fourth - ((((fourth + daysToMonday) % 7) + 7) % 7);
}

function utcDay(year: number, month: number, day: number): number {
  // Date.UTC takes years below 100 for those of the 20th century.
  return new Date(0).setUTCFullYear(year, month, day) / dayMs;
}

function isoDay(place: number): string {
  const date = new Date(place * dayMs);
  return `${fourDigits(date.getUTCFullYear())}-${twoDigits(date.getUTCMonth() + 1)}-${twoDigits(date.getUTCDate())}`;
}

function fourDigits(year: number): string {
  return String(year).padStart(4, '0');
}

function twoDigits(number: number): string {
  return String(number).padStart(2, '0');
}
