/** A table of orders, made by chance but always the same. */

/** The forms of dates that it has, a column each. */
export const FORMS = {
  iso: (date: Date) => date.toISOString().slice(0, 10),
  time: (date: Date) => date.toISOString(),
  german: (date: Date) => `${date.getUTCDate()}.${date.getUTCMonth() + 1}.${date.getUTCFullYear()}`,
  british: (date: Date) => `${two(date.getUTCDate())}/${two(date.getUTCMonth() + 1)}/${date.getUTCFullYear()}`,
  american: (date: Date) => `${date.getUTCMonth() + 1}/${date.getUTCDate()}/${date.getUTCFullYear()}`,
  named: (date: Date) => `${date.getUTCDate()} ${date.toUTCString().slice(8, 11)} ${date.getUTCFullYear()}`,
};
export type Form = keyof typeof FORMS;
const two = (value: number) => String(value).padStart(2, '0');

/** Orders of some years, their day in all forms. */
export function orders(rows: number, seed: number): string {
  let state = seed;
  const next = (limit: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
  const regions = ['North', 'South', '"East, far"', 'West', 'Süd'];
  const lines = Array.from({ length: rows }, (_, index) => {
    // From 2015 to 2029, with the days around each new year.
    const date = new Date(Date.UTC(2015, 0, 1 + ((index * 37 + next(3)) % 5_400)));
    const days = Object.values(FORMS).map((form) => form(date));
    const amount = `${next(100_000) - 500}.${two(next(100))}`;
    return [index, regions[next(5)], `Product ${next(40)}`, ...days, amount].join(',');
  });
  return ['id,Region,Product,iso,time,german,british,american,named,Revenue', ...lines].join('\n');
}
