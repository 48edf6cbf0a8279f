import { Code, ConnectError } from '@connectrpc/connect';
import { type Accessor, batch, createSignal } from 'solid-js';
import { createStore } from 'solid-js/store';
import type { InspectCsvResponse, Job } from '#gen/tallystream/v1/gateway_pb.ts';
import type { CsvOptions, Dialect } from '#gen/tallystream/v1/processor_pb.ts';
import { describeError, isGoneError } from '../api/error-text.ts';
import type { Gateway } from '../api/gateway.ts';
import { debounce } from '../reactive/debounce.ts';
import { makeLatest, stale } from '../reactive/latest.ts';
import { texts } from '../texts.ts';
import { type ChosenFile, isOnServer, sizeOfChosen } from './chosen-file.ts';
import {
  type CsvSettings,
  changeSettings,
  detectEverything,
  detectedQuestion,
  hasSameColumns,
  type QuestionSettings,
  toOptions,
} from './csv-options.ts';

/** How much of a file is read to look inside. */
export const sampleBytes = 64 * 1024;

/** While one change follows another so closely, the file is not looked at again. */
const settleMs = 250;

/** The questions of earlier files, by the names of their columns. */
export interface QuestionMemory {
  /** The question that was asked last about a file with these columns. */
  recall(dialect: Dialect): Promise<QuestionSettings | undefined>;
  /** Keeps the question about a file with these columns for the next one. */
  keep(dialect: Dialect, question: QuestionSettings): Promise<void>;
}

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
  /** The columns of the file as it is read now, even where the question about them cannot be answered. */
  columns(): Dialect | undefined;
  /** True while the question is the one of an earlier file with the same columns, as it was. */
  isRecalled(): boolean;
  /** True while the newest settings are being tried. */
  isReading(): boolean;
  /** True while the job is being made. */
  isStarting(): boolean;
  /** True if the newest settings fit the file, so that its job can be made. */
  canStart(): boolean;
  /** Lets the file wait, while a condition is written that cannot be read: it must not be left out in silence. */
  hold(isHeld: boolean): void;
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
  /** Leaves the question of an earlier file for the one that detection makes. */
  forgetRecalled(): void;
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
  /** Undefined for those of detection, or of an earlier file. */
  settings: CsvSettings | undefined;
  others: CsvOptions | undefined;
}

interface State {
  settings: CsvSettings;
  found: InspectCsvResponse | undefined;
  /** The settings that it was found with. */
  foundWith: CsvSettings;
  isRecalled: boolean;
  isReading: boolean;
  isStarting: boolean;
  isHeld: boolean;
  error: string;
  isGone: boolean;
  startError: string;
}

// A copy each time: the store writes into the objects that it is given.
const fresh = (settings: CsvSettings): State => ({
  settings: { ...settings },
  found: undefined,
  foundWith: { ...settings },
  isRecalled: false,
  isReading: false,
  isStarting: false,
  isHeld: false,
  error: '',
  isGone: false,
  startError: '',
});

/**
 * Makes a {@link Preparation}.
 *
 * @param makeJob makes another job than a new one of the file
 */
export function createPreparation(
  gateway: Gateway,
  makeJob: MakeJob = (file, options) => createJob(gateway, file, options),
  memory: QuestionMemory = storedQuestions,
): Preparation {
  const [entries, setEntries] = createSignal<readonly Entry[]>([]);
  const [state, setState] = createStore<State>(fresh(detectEverything));
  const latest = makeLatest();
  const current = () => entries()[0];
  const options = () => toOptions(state.settings, current()?.others);
  /** Whether the question of an earlier file may take the place of the one that detection makes. */
  let mayRecall = false;
  const lookSoon = debounce((entry: Entry) => current() === entry && void look(), settleMs);

  async function look(): Promise<void> {
    const entry = current();
    if (entry === undefined) return;
    const { file } = entry;
    if (sizeOfChosen(file) === 0) return setState('error', texts.prepare.emptyFile);
    setState({ isReading: true, error: '', isGone: false });
    const foundWith = { ...state.settings };
    try {
      const answer = await latest.run(async (signal) => {
        const from = isOnServer(file) ? { source: file.source } : await readSample(file);
        const found = await gateway.inspectCsv({ filename: file.name, ...from, options: options() }, { signal });
        const question = mayRecall && found.dialect ? await memory.recall(found.dialect) : undefined;
        return { found, question };
      });
      if (answer === stale) return;
      const { found, question } = answer;
      mayRecall = false;
      if (question === undefined) return setState({ found, foundWith, isReading: false });
      setState({ settings: { ...foundWith, ...question }, isRecalled: true });
      await look();
    } catch (error) {
      // The question does not suit this file: it begins as if nothing was known.
      if (state.isRecalled && isRefusal(error)) return forgetRecalled();
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
    mayRecall = waiting[0] !== undefined && waiting[0].settings === undefined;
    void look();
  }

  function change(change: Partial<CsvSettings>): void {
    const entry = current();
    if (entry === undefined || state.isStarting) return;
    mayRecall = false;
    latest.stop();
    setState({
      settings: changeSettings(state.settings, change),
      startError: '',
      isReading: true,
      isRecalled: state.isRecalled && !Object.keys(detectedQuestion).some((name) => name in change),
    });
    lookSoon(entry);
  }

  const forgetRecalled = () => change(detectedQuestion);

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
      const isSettled = !state.isReading && !state.isStarting && !state.isHeld && state.error === '';
      if (!isSettled || dialect === undefined) return false;
      const groups = dialect.groupBy.length > 0 ? dialect.groupBy : [{ index: dialect.departmentIndex }];
      const amounts = [dialect.amountIndex, ...dialect.amounts.flatMap(({ index, factor }) => [index, factor])];
      return groups.every(({ index }) => !amounts.includes(index));
    },
    hold(isHeld) {
      setState({ isHeld });
    },
    error: () => state.error,
    isGone: () => state.isGone,
    startError: () => state.startError,
    columns: () => (hasSameColumns(state.foundWith, state.settings) ? state.found?.dialect : undefined),
    isRecalled: () => state.isRecalled,
    add(files, settings, others) {
      const added = [...files].map((file) => ({ file, settings, others }));
      if (entries().length === 0) goOnWith(added);
      else setEntries((waiting) => [...waiting, ...added]);
    },
    change,
    forgetRecalled,
    async start() {
      const entry = current();
      if (entry === undefined || state.found === undefined || state.isStarting) return undefined;
      const { dialect } = state.found;
      setState({ isStarting: true, startError: '' });
      try {
        const { job } = await makeJob(entry.file, options());
        if (job === undefined) throw new TypeError('The answer has no job');
        if (dialect !== undefined) void memory.keep(dialect, state.settings);
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

/** The memory of this browser. It comes when it is needed, and may be missed. */
const storedQuestions: QuestionMemory = {
  async recall(dialect) {
    try {
      return (await import('../question/question-memory.ts')).recallQuestion(dialect);
    } catch {
      return undefined;
    }
  },
  async keep(dialect, question) {
    try {
      (await import('../question/question-memory.ts')).keepQuestion(dialect, question);
    } catch {
      // The next file begins without it.
    }
  },
};

/** Whether the server does not take the options that a file is to be read with. */
function isRefusal(error: unknown): boolean {
  return ConnectError.from(error).code === Code.InvalidArgument;
}

async function readSample(file: File): Promise<{ sample: Uint8Array<ArrayBuffer>; complete: boolean }> {
  const sample = new Uint8Array(await file.slice(0, sampleBytes).arrayBuffer());
  return { sample, complete: file.size <= sampleBytes };
}

async function createJob(gateway: Gateway, file: ChosenFile, options: CsvOptions) {
  const from = isOnServer(file) ? { source: file.source } : { sizeBytes: BigInt(file.size) };
  return await gateway.createJob({ filename: file.name, ...from, options });
}
