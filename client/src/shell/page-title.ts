import { createEffect, createMemo } from 'solid-js';
import type { AppState } from '../app-state.ts';
import { formatPercent } from '../format/count.ts';
import { phaseOf, progressOf } from '../jobs/job-figures.ts';
import { isMoving, isRunning } from '../jobs/job-phase.ts';
import { stateWord } from '../jobs/state-badge.tsx';
import type { Route } from '../navigation/route.ts';
import { texts } from '../texts.ts';
import { showProgressIcon } from './favicon.ts';

/** Keeps the title and the icon of the tab at the job that is shown, or at the newest one in which bytes move. */
export function followTitle(app: AppState, route: () => Route): void {
  const job = () => {
    const current = route();
    if ('id' in current) return app.jobs.find(current.id);
    const all = app.jobs.ids().map((id) => app.jobs.find(id));
    return all.find((known) => known !== undefined && isMoving(phaseOf(app, known)));
  };
  createEffect(() => {
    const shown = job();
    document.title = shown === undefined ? texts.app.name : titleOf(app, shown);
  });
  // In steps that can be told apart on sixteen pixels.
  const steps = createMemo(() => {
    const shown = job();
    const progress = shown && isRunning(shown.state) ? progressOf(shown) : undefined;
    return progress === undefined ? undefined : Math.floor(progress * 50);
  });
  createEffect(() => {
    const reached = steps();
    showProgressIcon(reached === undefined ? undefined : reached / 50);
  });
}

function titleOf(app: AppState, job: NonNullable<ReturnType<AppState['jobs']['find']>>): string {
  const phase = phaseOf(app, job);
  const progress = progressOf(job);
  return isRunning(job.state) && phase !== 'awaiting' && progress !== undefined
    ? texts.app.percentTitle(formatPercent(progress), job.filename)
    : texts.app.stateTitle(stateWord(phase), job.filename);
}
