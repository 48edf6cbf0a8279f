import { type Accessor, batch, createSignal } from 'solid-js';
import { createStore } from 'solid-js/store';
import type { InspectCsvResponse, Job } from '#gen/tallystream/v1/gateway_pb.ts';
import type { CsvOptions } from '#gen/tallystream/v1/processor_pb.ts';
import { describeError, isGoneError } from '../api/error-text.ts';
import type { Gateway } from '../api/gateway.ts';
import { makeLatest, stale } from '../reactive/latest.ts';
import { texts } from '../texts.ts';
import { type ChosenFile, isOnServer, sizeOfChosen } from './chosen-file.ts';
import { type CsvSettings, changeSettings, detectEverything, toOptions } from './csv-options.ts';

/** How much of a file is read to look inside. */
export const sampleBytes = 64 * 1024;

/** Files that were chosen but not started. One is looked at, the others wait for their turn. */
export interface Preparation {
  /** The file that is looked at. */
  file: Accessor<ChosenFile | undefined>;
  /** How many wait after it. */
  waiting: Accessor<number>;
  /** The settings of the reader. */
  settings(): CsvSettings;
  /** The findings in the file; those of earlier settings while `isReading`. */
  found(): InspectCsvResponse | undefined;
  /** True while the newest settings are being tried. */
  isReading(): boolean;
  /** True while the job is being made. */
  isStarting(): boolean;
  /** True if the newest settings fit the file, so that its job can be made. */
  canStart(): boolean;
  /** Why nothing was found inside, in words; empty if something was. */
  error(): string;
  /** True if the server has not kept the file: no settings and no patience will help. */
  isGone(): boolean;
  /** Why the job could not be made, in words. Trying again may help. */
  startError(): string;
  /**
   * Adds files, to be read as detected or with settings that are known already.
   *
   * @param others options of a job before, of which the page knows nothing; see {@link toOptions}
   */
  add(files: Iterable<ChosenFile>, settings?: CsvSettings, others?: CsvOptions): void;
  /** Changes settings and looks again. */
  change(change: Partial<CsvSettings>): void;
  /** Makes the job; the upload of a file of this computer is the caller's. Undefined if that failed. */
  start(): Promise<{ job: Job; file: ChosenFile } | undefined>;
  /** Looks again, if looking has failed. */
  lookAgain(): void;
  /** Leaves the file and goes on to the next; not while its job is being made. */
  discard(): void;
  /** Leaves all files. */
  clear(): void;
}

/** Makes the job of a prepared file. */
export type MakeJob = (file: ChosenFile, options: CsvOptions) => Promise<{ job?: Job | undefined }>;

interface Entry {
  file: ChosenFile;
  settings: CsvSettings;
  others: CsvOptions | undefined;
}

interface State {
  settings: CsvSettings;
  found: InspectCsvResponse | undefined;
  isReading: boolean;
  isStarting: boolean;
  error: string;
  isGone: boolean;
  startError: string;
}

// A copy each time: the store writes into the objects that it is given.
const fresh = (settings: CsvSettings): State => ({
  settings: { ...settings },
  found: undefined,
  isReading: false,
  isStarting: false,
  error: '',
  isGone: false,
  startError: '',
});

/** Makes a {@link Preparation}. @param makeJob makes another job than a new one of the file */
export function createPreparation(
  gateway: Gateway,
  makeJob: MakeJob = (file, options) => createJob(gateway, file, options),
): Preparation {
  const [entries, setEntries] = createSignal<readonly Entry[]>([]);
  const [state, setState] = createStore<State>(fresh(detectEverything));
  const latest = makeLatest();
  const current = () => entries()[0];
  const options = () => toOptions(state.settings, current()?.others);

  async function look(): Promise<void> {
    const file = current()?.file;
    if (file === undefined) return;
    if (sizeOfChosen(file) === 0) return setState('error', texts.prepare.emptyFile);
    setState({ isReading: true, error: '', isGone: false });
    try {
      const found = await latest.run(async (signal) => {
        const from = isOnServer(file) ? { source: file.source } : await readSample(file);
        return await gateway.inspectCsv({ filename: file.name, ...from, options: options() }, { signal });
      });
      if (found !== stale) setState({ found, isReading: false });
    } catch (error) {
      setState({ error: describeError(error), isGone: isOnServer(file) && isGoneError(error), isReading: false });
    }
  }

  function goOnWith(waiting: readonly Entry[]): void {
    latest.stop();
    // At once: what was found in one file must not be shown with the next.
    batch(() => {
      setEntries(waiting);
      setState(fresh(waiting[0]?.settings ?? detectEverything));
    });
    void look();
  }

  const next = () => goOnWith(entries().slice(1));

  return {
    file: () => current()?.file,
    waiting: () => Math.max(0, entries().length - 1),
    settings: () => state.settings,
    found: () => state.found,
    isReading: () => state.isReading,
    isStarting: () => state.isStarting,
    canStart() {
      const dialect = state.found?.dialect;
      const isSettled = !state.isReading && !state.isStarting && state.error === '';
      return isSettled && dialect !== undefined && dialect.departmentIndex !== dialect.amountIndex;
    },
    error: () => state.error,
    isGone: () => state.isGone,
    startError: () => state.startError,
    add(files, settings = detectEverything, others) {
      const added = [...files].map((file) => ({ file, settings, others }));
      if (entries().length === 0) goOnWith(added);
      else setEntries((waiting) => [...waiting, ...added]);
    },
    change(change) {
      if (state.isStarting) return;
      setState({ settings: changeSettings(state.settings, change), startError: '' });
      void look();
    },
    async start() {
      const entry = current();
      if (entry === undefined || state.found === undefined || state.isStarting) return undefined;
      setState({ isStarting: true, startError: '' });
      try {
        const { job } = await makeJob(entry.file, options());
        if (job === undefined) throw new TypeError('The answer has no job');
        // Unless everything was cleared meanwhile.
        if (current() === entry) next();
        return { job, file: entry.file };
      } catch (error) {
        if (current() === entry) setState({ isStarting: false, startError: describeError(error) });
        return undefined;
      }
    },
    lookAgain: () => {
      if (state.error !== '') void look();
    },
    discard() {
      if (!state.isStarting) next();
    },
    clear: () => goOnWith([]),
  };
}

async function readSample(file: File): Promise<{ sample: Uint8Array<ArrayBuffer>; complete: boolean }> {
  const sample = new Uint8Array(await file.slice(0, sampleBytes).arrayBuffer());
  return { sample, complete: file.size <= sampleBytes };
}

async function createJob(gateway: Gateway, file: ChosenFile, options: CsvOptions) {
  const from = isOnServer(file) ? { source: file.source } : { sizeBytes: BigInt(file.size) };
  return await gateway.createJob({ filename: file.name, ...from, options });
}
