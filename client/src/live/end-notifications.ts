import { type Accessor, createSignal } from 'solid-js';
import { formatDecimal } from '../format/decimal.ts';
import { isRunning, type JobPhase, jobPhase } from '../jobs/job-phase.ts';
import type { Jobs } from '../jobs/jobs.ts';
import { jobHref } from '../navigation/route.ts';
import { texts } from '../texts.ts';

/** Messages of the system about jobs that end while nobody looks at the page. */
export interface EndNotifications {
  /** Whether this browser could show them. */
  canAsk: Accessor<boolean>;
  /** Whether the reader wants them. */
  isOn: Accessor<boolean>;
  /** Asks the reader's browser, or stops them. */
  toggle(): Promise<void>;
}

const name = 'tallystream.notify';

/** Makes the {@link EndNotifications} of the page. */
export function createEndNotifications(jobs: Jobs): EndNotifications {
  const exists = 'Notification' in window && isSecureContext;
  const permission = () => (exists ? Notification.permission : 'denied');
  const [isRefused, setRefused] = createSignal(permission() === 'denied');
  const [isOn, setOn] = createSignal(permission() === 'granted' && isKept());
  const running = new Set<string>();

  jobs.onChange((id, job) => {
    if (job !== undefined && isRunning(job.state)) {
      running.add(id);
      return;
    }
    // A job that ended before this page was opened is no news.
    if (!running.delete(id) || job === undefined || !isOn() || !document.hidden) return;
    const words: Partial<Record<JobPhase, string>> = {
      succeeded: texts.notify.succeeded(formatDecimal(job.total)),
      empty: texts.notify.empty,
      uncounted: texts.notify.uncounted,
      failed: texts.notify.failed,
    };
    const body = words[jobPhase(job, undefined, false)];
    if (body !== undefined) notify(id, job.filename, body);
  });

  return {
    canAsk: () => !isRefused(),
    isOn,
    async toggle() {
      const wanted = !isOn() && (await Notification.requestPermission()) === 'granted';
      setRefused(permission() === 'denied');
      setOn(wanted);
      keep(wanted);
    },
  };
}

function notify(id: string, title: string, body: string): void {
  let notification: Notification;
  try {
    notification = new Notification(title, { body, tag: id, icon: '/favicon.svg' });
  } catch {
    // Browsers of phones leave this to service workers, and say so only here.
    return;
  }
  notification.addEventListener('click', () => {
    window.focus();
    location.hash = jobHref(id);
    notification.close();
  });
}

function isKept(): boolean {
  try {
    return localStorage.getItem(name) === 'on';
  } catch {
    return false;
  }
}

function keep(isOn: boolean): void {
  try {
    if (isOn) localStorage.setItem(name, 'on');
    else localStorage.removeItem(name);
  } catch {
    // A browser that keeps nothing is asked again after a reload.
  }
}
