import { type Accessor, createSignal } from 'solid-js';
import type { Job } from '#gen/tallystream/v1/gateway_pb.ts';
import type { Total } from '#gen/tallystream/v1/processor_pb.ts';
import type { AskTarget } from '../ask-on/ask-menu.tsx';
import type { Pick } from '../ask-on/narrowed.ts';
import type { ChartPoint } from '../charts/time-chart.tsx';
import { keysOf } from '../groups/groups.ts';
import { groupLabel } from '../jobs/group-label.ts';
import type { ShownResult } from './shown-result.ts';

/** Characters; shorter values are never cut. */
const fewestCut = 100;

type Ask<About> = ((about: About, place: DOMRect) => void) | undefined;

/** The thing that a reader points at, and ways to point at one. These are undefined where the file is not kept: nothing can be asked. */
export interface AskedAbout {
  target: Accessor<AskTarget | undefined>;
  close(): void;
  picks: Accessor<Ask<readonly Pick[]>>;
  total: Accessor<Ask<Total>>;
  /** A group of the leading ones, by its name. */
  leader: Accessor<Ask<string>>;
  point: Accessor<Ask<ChartPoint>>;
}

/** Makes the {@link AskedAbout} of a result. */
export function createAskedAbout(job: Accessor<Job>, result: ShownResult): AskedAbout {
  const [target, setTarget] = createSignal<AskTarget>();
  /** A way to point at something that stands for picks. */
  const as = <About>(toPicks: (about: About) => readonly Pick[]): Ask<About> => {
    if (!job().fileKept) return undefined;
    return (about, place) => {
      // A filter on a name that was cut would find nothing.
      const picks = toPicks(about).filter(({ value }) => !isCut(value));
      if (picks.length > 0) setTarget({ picks: picks.toSorted((a, b) => a.at - b.at), place });
    };
  };
  const ofTotal = (total: Total) => keysOf(total).map((value, at) => ({ at, value }));
  return {
    target,
    close: () => setTarget(undefined),
    picks: () => as((picks) => picks),
    total: () => as(ofTotal),
    leader: () =>
      as((name) => {
        const total = result.top().find((candidate) => groupLabel(candidate) === name);
        return total === undefined ? [] : ofTotal(total);
      }),
    point: () =>
      as(({ period, keys }) => [
        { at: result.time()?.at ?? 0, value: period },
        ...keys.map((value, index) => ({ at: result.lineKeys()[index] ?? 0, value })),
      ]),
  };
}

/** Whether the value of a leading group may be the beginning of a longer one, which `…` at its end says. */
function isCut(value: string): boolean {
  return value.endsWith('…') && value.length >= fewestCut;
}
