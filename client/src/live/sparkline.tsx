import { createEffect, createSignal, on, onCleanup, onMount } from 'solid-js';
import { useApp } from '../app-state.ts';
import { formatBytesPerSecond } from '../format/bytes.ts';
import { createMedia } from '../reactive/media.ts';
import { texts } from '../texts.ts';
import { uPlot } from '../ui/plot.ts';

const height = 56;
/** Nothing is drawn of fewer steps: two points are no course. */
const fewest = 3;

/** The speed of a job since it was first seen, as a line without axes; its largest value stands beside it. */
export default function Sparkline(props: { jobId: string }) {
  const app = useApp();
  let place!: HTMLDivElement;
  let plot: uPlot | undefined;
  const [most, setMost] = createSignal(0);
  const isDark = createMedia('(prefers-color-scheme: dark)');

  const draw = () => {
    const rates = app.jobs.speeds(props.jobId);
    if (rates[0].length < fewest) return;
    setMost(Math.max(...rates[1]));
    plot?.setData(rates);
  };

  onMount(() => {
    // A canvas knows no custom properties: the element has resolved them.
    const color = () => getComputedStyle(place).color;
    const fill = () => color().replaceAll(',', '').replace(')', ' / 15%)');
    plot = new uPlot(
      {
        width: place.clientWidth,
        height,
        padding: [2, 0, 0, 0],
        cursor: { show: false },
        legend: { show: false },
        axes: [{ show: false }, { show: false }],
        scales: { x: { time: false }, y: { range: (_plot, _least, largest) => [0, largest > 0 ? largest : 1] } },
        series: [{}, { stroke: color, fill, width: 2, points: { show: false } }],
      },
      [[], []],
      place,
    );
    const observer = new ResizeObserver(() => plot?.setSize({ width: place.clientWidth, height }));
    observer.observe(place);
    const theme = new MutationObserver(() => plot?.redraw());
    theme.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    onCleanup(() => {
      observer.disconnect();
      theme.disconnect();
      plot?.destroy();
    });
    draw();
  });
  createEffect(on(() => app.jobs.figures(props.jobId).bytesPerSecond, draw, { defer: true }));
  createEffect(on(isDark, () => plot?.redraw(), { defer: true }));

  const words = () => texts.job.speedCourse(formatBytesPerSecond(most()));
  return (
    <figure class="speed">
      <figcaption>{most() > 0 ? words() : texts.job.speedSoon}</figcaption>
      <div class="speed-line" ref={place} />
    </figure>
  );
}
