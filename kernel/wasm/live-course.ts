import { type CourseCell, courseOf, type KernelCourse } from '../course.ts';
import { groupOf } from '../group-key.ts';
import type { GroupColumn } from '../kernel.ts';
import type { WasmDepartments } from './departments.ts';

/** With more groups or periods it would cost more than it tells. */
const MAX_GROUPS = 20_000;
const MAX_PERIODS = 120;

/**
 * The course of a kernel's sums over time, while it reads. Entries are only ever added, so the name of each is looked at
 * once.
 */
export class LiveCourse {
  readonly #at: number;
  /** The column whose values have lines of their own. */
  readonly #by: number | undefined;
  readonly #groups = new Places();
  readonly #periods = new Places();
  /** Of each entry, its places. */
  readonly #cells: Pick<CourseCell, 'group' | 'period'>[] = [];

  private constructor(at: number, by: number | undefined) {
    this.#at = at;
    this.#by = by;
  }

  /** Undefined where rows are not grouped by a period, or by several. */
  static of(groups: readonly GroupColumn[] | undefined): LiveCourse | undefined {
    const isPeriod = (groups ?? []).map(({ period }) => period !== undefined);
    const at = isPeriod.indexOf(true);
    if (at < 0 || isPeriod.lastIndexOf(true) !== at) return undefined;
    const by = isPeriod.indexOf(false);
    return new LiveCourse(at, by < 0 ? undefined : by);
  }

  /** @returns undefined if there are too many groups or periods */
  read(departments: WasmDepartments, count: number): KernelCourse | undefined {
    if (count > MAX_GROUPS || this.#periods.names.length > MAX_PERIODS) return undefined;
    const addresses = departments.addresses(count);
    for (let id = this.#cells.length; id < count; id++) {
      const { department, keys = [department] } = groupOf(departments.name(addresses[id]!));
      this.#cells.push({
        group: this.#by === undefined ? 0 : this.#groups.placeOf(keys[this.#by]!),
        period: this.#periods.placeOf(keys[this.#at]!),
      });
    }
    if (this.#periods.names.length > MAX_PERIODS) return undefined;
    let scale = 0;
    const cells = this.#cells.map((cell, id): CourseCell => {
      const { sum, scale: own } = departments.sum(addresses[id]!);
      scale = Math.max(scale, own);
      return { ...cell, sum };
    });
    return { ...courseOf(cells, this.#groups.names, this.#periods.names), scale, ...departments.unit };
  }
}

/** Texts, numbered in the order in which they come. */
class Places {
  readonly names: string[] = [];
  readonly #places = new Map<string, number>();

  placeOf(name: string): number {
    const known = this.#places.get(name);
    if (known !== undefined) return known;
    this.#places.set(name, this.names.length);
    return this.names.push(name) - 1;
  }
}
