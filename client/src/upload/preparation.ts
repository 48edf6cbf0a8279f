import type { Accessor } from 'solid-js';
import { createStore } from 'solid-js/store';
import type { InspectCsvResponse, Job } from '#gen/tallystream/v1/gateway_pb.ts';
import { describeError } from '../api/error-text.ts';
import type { Gateway } from '../api/gateway.ts';
import { makeLatest, stale } from '../reactive/latest.ts';
import { texts } from '../texts.ts';
import { type CsvSettings, changeSettings, detectEverything, toOptions } from './csv-options.ts';

/** How much of a file is read to look inside. */
export const sampleBytes = 64 * 1024;

/** Files that were chosen but not started. One is looked at, the others wait for their turn. */
export interface Preparation {
  /** The file that is looked at. */
  file: Accessor<File | undefined>;
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
  /** Why nothing was found inside, in words; empty if something was. */
  error(): string;
  /** Why the job could not be made, in words. Trying again may help. */
  startError(): string;
  /** Adds files, to be read as detected or with settings that are known already. */
  add(files: Iterable<File>, settings?: CsvSettings): void;
  /** Changes settings and looks again. */
  change(change: Partial<CsvSettings>): void;
  /** Makes the job; its upload is the caller's. Undefined if that failed. */
  start(): Promise<{ job: Job; file: File } | undefined>;
  /** Looks again, if looking has failed. */
  lookAgain(): void;
  /** Leaves the file and goes on to the next; not while its job is being made. */
  discard(): void;
  /** Leaves all files. */
  clear(): void;
}

interface State {
  files: File[];
  settings: CsvSettings;
  found: InspectCsvResponse | undefined;
  isReading: boolean;
  isStarting: boolean;
  error: string;
  startError: string;
}

// A copy each time: the store writes into the objects that it is given.
const fresh = (settings: CsvSettings) => ({
  settings: { ...settings },
  found: undefined,
  isReading: false,
  isStarting: false,
  error: '',
  startError: '',
});

/** Makes the {@link Preparation} of the page. */
export function createPreparation(gateway: Gateway): Preparation {
  const [state, setState] = createStore<State>({ files: [], ...fresh(detectEverything) });
  const given = new WeakMap<File, CsvSettings>();
  const latest = makeLatest();

  async function look(): Promise<void> {
    const current = state.files[0];
    if (current === undefined) return;
    if (current.size === 0) return setState('error', texts.prepare.emptyFile);
    setState({ isReading: true, error: '' });
    try {
      const found = await latest.run(async (signal) => {
        const sample = new Uint8Array(await current.slice(0, sampleBytes).arrayBuffer());
        const request = { filename: current.name, sample, complete: current.size <= sampleBytes };
        return await gateway.inspectCsv({ ...request, options: toOptions(state.settings) }, { signal });
      });
      if (found !== stale) setState({ found, isReading: false });
    } catch (error) {
      setState({ error: describeError(error), isReading: false });
    }
  }

  function goOnWith(files: File[]): void {
    latest.stop();
    const settings = files[0] && given.get(files[0]);
    setState({ files, ...fresh(settings ?? detectEverything) });
    void look();
  }

  const next = () => goOnWith(state.files.slice(1));

  return {
    file: () => state.files[0],
    waiting: () => Math.max(0, state.files.length - 1),
    settings: () => state.settings,
    found: () => state.found,
    isReading: () => state.isReading,
    isStarting: () => state.isStarting,
    error: () => state.error,
    startError: () => state.startError,
    add(files, settings) {
      const added = [...files];
      if (settings) for (const file of added) given.set(file, settings);
      if (state.files.length === 0) goOnWith(added);
      else setState('files', (waiting) => [...waiting, ...added]);
    },
    change(change) {
      if (state.isStarting) return;
      setState({ settings: changeSettings(state.settings, change), startError: '' });
      void look();
    },
    async start() {
      const current = state.files[0];
      if (current === undefined || state.found === undefined || state.isStarting) return undefined;
      setState({ isStarting: true, startError: '' });
      try {
        const options = toOptions(state.settings);
        const request = { filename: current.name, sizeBytes: BigInt(current.size), options };
        const { job } = await gateway.createJob(request);
        if (job === undefined) throw new TypeError('CreateJob answered without a job');
        // Unless everything was cleared meanwhile.
        if (state.files[0] === current) next();
        return { job, file: current };
      } catch (error) {
        if (state.files[0] === current) setState({ isStarting: false, startError: describeError(error) });
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
