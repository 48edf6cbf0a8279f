import { createStore, produce, reconcile } from 'solid-js/store';
import type { UploadPhase } from '../jobs/job-phase.ts';
import type { RunningUpload, UploadEvents } from './tus-upload.ts';

/** An upload of this tab, as the page shows it. */
export interface UploadView {
  phase: UploadPhase;
  sentBytes: number;
  /** Why it failed, in words. */
  error: string;
  /** Whether a failed one could go on with the file it had. */
  canResume: boolean;
  /** Its file was changed while it was sent. */
  isDoubtful: boolean;
}

/** The uploads of this tab. They go on whatever page is shown. */
export interface Uploads {
  /** The upload of a job; undefined if this tab does not upload it. */
  find(jobId: string): UploadView | undefined;
  /** True while leaving the page would interrupt an upload. */
  isBusy(): boolean;
  /** Uploads a file, or goes on with it, as soon as it is its turn. */
  start(jobId: string, uploadUrl: string, file: File): void;
  /** Takes up a failed upload again with the file it had. */
  resume(jobId: string): void;
  /** Stops and forgets an upload. */
  stop(jobId: string): void;
  /** Stops and forgets all uploads. */
  stopAll(): void;
  /** Lets waiting uploads try again at once. */
  hurry(): void;
}

interface Entry {
  uploadUrl: string;
  file: File;
  running: RunningUpload | undefined;
}

/** A browser opens six HTTP/1.1 connections to a host: uploads must leave some for the stream and the calls. */
const atOnce = 2;

/** Makes the {@link Uploads} of the tab, of which `startUpload` sends each. */
export function createUploads(
  startUpload: (file: File, uploadUrl: string, events: UploadEvents) => RunningUpload,
): Uploads {
  const [views, setViews] = createStore<Record<string, UploadView>>({});
  const entries = new Map<string, Entry>();

  function startNext(): void {
    const running = [...entries.values()].filter((entry) => entry.running !== undefined).length;
    const waiting = [...entries].filter(([jobId]) => views[jobId]?.phase === 'waiting');
    for (const [jobId, entry] of waiting.slice(0, atOnce - running)) run(jobId, entry);
  }

  function run(jobId: string, entry: Entry): void {
    setViews(jobId, { phase: 'sending', error: '' });
    const end = (change: Partial<UploadView>) => {
      entry.running = undefined;
      setViews(jobId, change);
      startNext();
    };
    entry.running = startUpload(entry.file, entry.uploadUrl, {
      onProgress: (sentBytes) => setViews(jobId, { phase: 'sending', sentBytes }),
      onRetry: () => setViews(jobId, 'phase', 'retrying'),
      onDone: () => end({ phase: 'done', sentBytes: entry.file.size }),
      // It may come when the upload is through, and forgotten.
      onDoubt: () => entries.get(jobId) === entry && setViews(jobId, 'isDoubtful', true),
      onFail: (error, canResume) => end({ phase: 'failed', error, canResume }),
    });
  }

  return {
    find: (jobId) => views[jobId],
    isBusy: () => Object.values(views).some(({ phase }) => phase !== 'done' && phase !== 'failed'),
    start(jobId, uploadUrl, file) {
      entries.get(jobId)?.running?.stop();
      entries.set(jobId, { uploadUrl, file, running: undefined });
      setViews(jobId, { phase: 'waiting', sentBytes: 0, error: '', canResume: true, isDoubtful: false });
      startNext();
    },
    resume(jobId) {
      if (entries.has(jobId)) setViews(jobId, { phase: 'waiting', error: '', isDoubtful: false });
      startNext();
    },
    stop(jobId) {
      entries.get(jobId)?.running?.stop();
      entries.delete(jobId);
      setViews(produce((draft) => delete draft[jobId]));
      startNext();
    },
    stopAll() {
      for (const { running } of entries.values()) running?.stop();
      entries.clear();
      setViews(reconcile({}));
    },
    hurry() {
      for (const [jobId, entry] of entries) if (views[jobId]?.phase === 'retrying') entry.running?.hurry();
    },
  };
}
