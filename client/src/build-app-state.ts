import type { Transport } from '@connectrpc/connect';
import { createEffect, createMemo, on } from 'solid-js';
import { JobState } from '#gen/tallystream/v1/gateway_pb.ts';
import type { Access } from './access/access.ts';
import { describeError } from './api/error-text.ts';
import { makeGateway } from './api/gateway.ts';
import type { AppState } from './app-state.ts';
import { formatCount } from './format/count.ts';
import { createCancels } from './jobs/cancels.ts';
import { fileKey } from './jobs/file-groups.ts';
import { createJobs } from './jobs/jobs.ts';
import { createListView } from './jobs/list-view.ts';
import { questionText } from './jobs/question-words.ts';
import { createRemovals } from './jobs/removals.ts';
import { createEndNotifications } from './live/end-notifications.ts';
import { homeHref, jobHref, parseRoute, pathOf } from './navigation/route.ts';
import { createToasts } from './shell/toasts.ts';
import { createServerFolders } from './sources/server-folders.ts';
import { texts } from './texts.ts';
import { isOnServer } from './upload/chosen-file.ts';
import { fromOptions } from './upload/csv-options.ts';
import { fingerprint } from './upload/file-fingerprint.ts';
import { rememberFile } from './upload/known-files.ts';
import { createPreparation } from './upload/preparation.ts';
import { startTusUpload } from './upload/tus-upload.ts';
import { createUploads, type Uploads } from './upload/uploads.ts';

/** Builds the state of the page over a transport. */
export function createAppState(
  transport: Transport,
  access: Access,
  uploads: Uploads = createUploads((...upload) => startTusUpload(...upload, access)),
): AppState {
  const gateway = makeGateway(transport);
  const allJobs = createJobs(gateway);
  const removals = createRemovals(erase);
  const keyOf = (id: string) => {
    const job = allJobs.find(id);
    return job && fileKey(job);
  };
  const ids = createMemo(() => allJobs.ids().filter((id) => !removals.has(id)));
  const jobs = { ...allJobs, ids };
  const toasts = createToasts();
  const undoRemovals = {
    label: texts.actions.undo,
    run: () => removals.undo().map(jobHref),
    lapse: removals.flush,
  };
  let undoToast: number | undefined;
  /** Whether all that can be called back were the only question about their file. */
  let areFilesRemoved = true;
  const removedMany = (count: string) =>
    areFilesRemoved ? texts.actions.deletedMany(count) : texts.actions.deletedQuestions(count);
  const preparation = createPreparation(gateway);
  // Files that were started here, to look at them again.
  const files = new Map<string, File>();

  // A reader with the next key must not see the jobs of the last one.
  createEffect(on(access.isAsked, (isAsked) => isAsked && allJobs.restart(), { defer: true }));
  // Files that could not be looked into for want of a server are looked into now.
  createEffect(on(allJobs.status, (status) => status === 'live' && preparation.lookAgain(), { defer: true }));

  // A job that was ended elsewhere must not be uploaded any further.
  jobs.onChange((id, job) => {
    const isOver = job === undefined || job.state === JobState.FAILED || job.state === JobState.CANCELED;
    if (isOver && uploads.find(id) !== undefined) uploads.stop(id);
  });

  async function attempt(call: () => Promise<void>): Promise<void> {
    try {
      await call();
    } catch (error) {
      toasts.show('error', describeError(error));
    }
  }

  /** With more files to look at, or elsewhere by now, the reader stays where they are. */
  function showStarted(id: string, name: string): void {
    const isAtStart = parseRoute(location.hash).page === 'home';
    if (preparation.file() === undefined && isAtStart) location.hash = jobHref(id);
    else toasts.show('info', texts.prepare.started(name));
  }

  const cancels = createCancels({ gateway, jobs, uploads, toasts, attempt });

  async function erase(id: string): Promise<void> {
    await attempt(async () => {
      await gateway.deleteJob({ id });
      jobs.drop(id);
      files.delete(id);
    });
  }

  return {
    gateway,
    access,
    jobs,
    uploads,
    toasts,
    listView: createListView(),
    preparation,
    endNotifications: createEndNotifications(jobs),
    serverFolders: createServerFolders(gateway, jobs.status),
    async startPrepared() {
      const started = await preparation.start();
      if (started === undefined) return;
      const { job, file } = started;
      jobs.add(job);
      if (isOnServer(file)) return showStarted(job.id, file.name);
      // Before its first byte is sent, so that an upload that is interrupted at once knows its file as well. A file that
      // cannot be read says so in its upload.
      await fingerprint(file).then(
        (mark) => rememberFile(job.id, mark),
        () => {},
      );
      // It may be cancelled by now.
      if (jobs.find(job.id)?.state !== JobState.UPLOADING) return;
      files.set(job.id, file);
      uploads.start(job.id, job.uploadUrl, file);
      showStarted(job.id, file.name);
    },
    fileOf: (id) => files.get(id),
    startAgain(id, file) {
      const options = jobs.find(id)?.options;
      preparation.add([file], fromOptions(options), options);
      location.hash = homeHref;
    },
    async download(href) {
      if (await access.allowDownloads()) Object.assign(document.createElement('a'), { href, download: '' }).click();
      else if (!access.isAsked()) toasts.show('error', texts.errors.unreachable);
    },
    cancels,
    retry: (id) => attempt(() => jobs.ask(id, () => gateway.retryJob({ id }))),
    remove(id) {
      const job = jobs.find(id);
      if (job === undefined) return;
      const isQuestion = jobs.ids().some((other) => other !== id && keyOf(other) === keyOf(id));
      const { filename } = job;
      const name = isQuestion ? texts.jobs.questionOf(questionText(job), filename) : filename;
      if (pathOf(location.hash) === jobHref(id)) location.hash = homeHref;
      removals.remove(id);
      const count = removals.waiting();
      areFilesRemoved = (areFilesRemoved || count === 1) && !isQuestion;
      // One message for all that can still be had back: several would cover a small screen.
      const words = count > 1 ? removedMany(formatCount(count)) : texts.actions.deleted(name);
      undoToast = toasts.show('info', words, undoRemovals, undoToast);
    },
    finishRemovals() {
      removals.flush();
      cancels.flush();
    },
    forgetKey() {
      // They name files, and what one of them could still call back is erased with the key that may.
      for (const { id } of [...toasts.list]) toasts.dismiss(id);
      uploads.stopAll();
      preparation.clear();
      files.clear();
      void import('./question/question-memory.ts').then(
        ({ forgetQuestions }) => forgetQuestions(),
        () => {},
      );
      access.forget();
    },
  };
}
