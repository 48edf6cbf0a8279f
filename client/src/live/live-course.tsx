import { createMemo, Show } from 'solid-js';
import type { Job } from '#gen/tallystream/v1/gateway_pb.ts';
import type { Course } from '#gen/tallystream/v1/processor_pb.ts';
import TimeChart from '../charts/time-chart.tsx';
import { courseSoFar } from '../charts/time-course.ts';
import { amountsOf } from '../groups/amounts.ts';
import { isPeriodKind } from '../periods/period.ts';
import { resultTexts } from '../texts-of-results.ts';

/** The sums over time of a job while it runs. */
export default function LiveCourse(props: { job: Job; course: Course }) {
  const kind = () => {
    const period = props.job.dialect?.groupBy.find((group) => group.period !== '')?.period ?? '';
    return isPeriodKind(period) ? period : undefined;
  };
  const course = createMemo(() => {
    const known = kind();
    return known && courseSoFar(props.course, known);
  });
  const title = () =>
    resultTexts.chart.soFar(amountsOf(props.job)[0]?.name ?? '', resultTexts.periods[kind() ?? 'day']);
  return (
    <Show when={course()}>
      {(drawn) => (
        <section class="panel" aria-labelledby="course">
          <h2 id="course">{title()}</h2>
          <TimeChart title={title()} filename={undefined} notes={[]} course={drawn()} onAsk={undefined} />
        </section>
      )}
    </Show>
  );
}
