import { type Job, JobState } from '#gen/tallystream/v1/gateway_pb.ts';
import { type Amount, amountsOf } from '../groups/amounts.ts';
import { type Group, groupsOf } from '../groups/groups.ts';

/**
 * How another result fits to one: it answers the same question; it has the same groups but other amounts; or it has other
 * groups, so that there is nothing to set side by side.
 */
export type Fit = 'sameQuestion' | 'otherAmounts' | 'otherGroups';

/** The parts of a job that decide how it fits. */
type Asked = Pick<Job, 'dialect' | 'total' | 'totals'>;

/** Whether a job has totals to compare. */
export function hasTotals({ state, dialect }: Pick<Job, 'state' | 'dialect'>): boolean {
  return state === JobState.SUCCEEDED && dialect !== undefined;
}

/** How a result fits to another. Filters may differ: to compare the answers to two of them is a reason to compare. */
export function fitOf(here: Asked, there: Asked): Fit {
  if (matchGroups(groupsOf(here.dialect), groupsOf(there.dialect)) === undefined) return 'otherGroups';
  const [ours, theirs] = [amountsOf(here), amountsOf(there)];
  const matches = matchAmounts(ours, theirs);
  return ours.length === theirs.length && !matches.includes(undefined) ? 'sameQuestion' : 'otherAmounts';
}

/**
 * For each group of one result the place of the same one in another: the same column by its name, and the same period.
 * Their order may differ. Undefined if one of the two has a group that the other has not.
 */
export function matchGroups(here: readonly Group[], there: readonly Group[]): number[] | undefined {
  if (here.length === 0 || here.length !== there.length) return undefined;
  const matches = matchNames(here.map(nameOfGroup), there.map(nameOfGroup));
  return matches.every((place) => place !== undefined) ? matches : undefined;
}

/** For each amount of one result the place of the one with the same name in another; undefined where there is none. */
export function matchAmounts(here: readonly Amount[], there: readonly Amount[]): (number | undefined)[] {
  return matchNames(
    here.map(({ name }) => fold(name)),
    there.map(({ name }) => fold(name)),
  );
}

/** Each name is matched once. One that nobody knows is like no other. */
function matchNames(here: readonly string[], there: readonly string[]): (number | undefined)[] {
  const taken = new Set<number>();
  return here.map((name) => {
    const at = there.findIndex((candidate, place) => candidate !== '' && candidate === name && !taken.has(place));
    if (at < 0) return undefined;
    taken.add(at);
    return at;
  });
}

function nameOfGroup({ name, period }: Group): string {
  return JSON.stringify([fold(name), period ?? '']);
}

/** As the server finds columns: whatever the case, and whatever white space is around. */
function fold(name: string): string {
  return name.trim().toLowerCase();
}
