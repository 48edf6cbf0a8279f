import { createStore, produce, reconcile } from 'solid-js/store';
import type { UploadPhase } from '../jobs/job-phase.ts';
import type { RunningUpload, UploadEvents } from './tus-upload.ts';

/** An upload of this tab, as the page shows it. */
export interface UploadView {
  phase: UploadPhase;
  sentBytes: number;
  /** The reason of a failed upload, in words; empty if it has not failed. */
  error: string;
  /** Whether a failed upload can be resumed with the same file. */
  canResume: boolean;
  /** Whether the file changed during the upload. */
  isDoubtful: boolean;
}

/** The uploads of this tab. They continue when the tab shows another view. */
export interface Uploads {
  /** The upload of a job; undefined if this tab does not upload it. */
  find(jobId: string): UploadView | undefined;
  /** True while leaving the page would interrupt an upload. */
  isBusy(): boolean;
  /** Queues a file for upload, from the first byte that the server lacks. Replaces an earlier upload of the job. */
  start(jobId: string, uploadUrl: string, file: File): void;
  /** Stops an upload that {@link resume} takes up again. Returns false if there is nothing to stop. */
  pause(jobId: string): boolean;
  /** Queues an upload that has failed or was stopped again, with the same file. */
  resume(jobId: string): void;
  /** Stops and forgets an upload. */
  stop(jobId: string): void;
  /** Stops and forgets all uploads. */
  stopAll(): void;
  /** Makes uploads that wait to retry try again at once. */
  hurry(): void;
}

interface Entry {
  uploadUrl: string;
  file: File;
  running: RunningUpload | undefined;
}

/** A browser opens six HTTP/1.1 connections to a host: uploads leave some for watching jobs and for API calls. */
const atOnce = 2;

/** Creates the {@link Uploads} of the tab. @param startUpload sends one file */
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
      // The event may come after the upload is done and its entry is gone.
      onDoubt: () => entries.get(jobId) === entry && setViews(jobId, 'isDoubtful', true),
      onFail: (error, canResume) => end({ phase: 'failed', error, canResume }),
    });
  }

  return {
    find: (jobId) => views[jobId],
    isBusy: () => Object.values(views).some(({ phase }) => !['done', 'failed', 'stopped'].includes(phase)),
    start(jobId, uploadUrl, file) {
      entries.get(jobId)?.running?.stop();
      entries.set(jobId, { uploadUrl, file, running: undefined });
      setViews(jobId, { phase: 'waiting', sentBytes: 0, error: '', canResume: true, isDoubtful: false });
      startNext();
    },
    pause(jobId) {
      const entry = entries.get(jobId);
      const phase = views[jobId]?.phase;
      if (entry === undefined || phase === 'done' || phase === 'failed') return false;
      entry.running?.stop();
      entry.running = undefined;
      setViews(jobId, 'phase', 'stopped');
      startNext();
      return true;
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
