import type { ErrorCode } from '../../errors.ts';
import type { Log } from '../../log.ts';
import type { Processors } from '../../processor-client/processors.ts';
import type { FairQueue } from '../../queue/fair-queue.ts';
import type { RecordWriter } from '../job-record.ts';
import type { Spool } from '../spool/spool.ts';
import type { JobStore } from '../store/job-store.ts';
import type { SourceOf } from './source-of.ts';
import type { Suspects } from './suspects.ts';

export interface AnalysisDependencies {
  store: JobStore;
  spool: Spool;
  processors: Processors;
  /** How a processor reads a job's file itself, where it can. */
  sourceOf: SourceOf;
  /** Streams that a gateway has open to processors; jobs beyond that wait in line. */
  streams: FairQueue;
  suspects: Suspects;
  /** Between two checkpoints of a job, at least. */
  checkpointMs: number;
  metrics: AnalysisMetrics;
  /** The most that a compressed file may decompress to. */
  maxUploadBytes: number;
  log: Log;
}

/** The counters over all analyses. */
export interface AnalysisMetrics {
  /** Bytes of files, decompressed, went to a processor. */
  fed(bytes: number): void;
  checkpointKept(): void;
  /** An analysis went on from a checkpoint that covers so many bytes of the file. */
  resumed(bytes: number): void;
  /** This many bytes of a job's file are with a processor and in no checkpoint. */
  unsaved(jobId: string, bytes: number): void;
  /** An analysis broke off and will be tried again. */
  brokeOff(code: ErrorCode): void;
}

export interface AnalysisRun {
  /** The job, and where its figures go. */
  writer: RecordWriter;
  upload: AnalysedUpload;
  signals: AnalysisSignals;
  observer: AnalysisObserver;
}

/** How fast an upload comes, for the question who gets the places that there are. */
export interface AnalysedUpload {
  /**
   * Whether the upload gives next to nothing, so that the place would be of more use to somebody else.
   *
   * @param sinceMs when it got the place, on the clock of `performance.now`
   */
  isIdle(sinceMs: number): boolean;
  /** Resolves when the upload goes on. */
  moreBytes(): Promise<void>;
  /** Resolves when there is room, or so much of the upload is there that it is worth a place. */
  worthAPlace(hasRoom: () => boolean): Promise<void>;
}

export interface AnalysisSignals {
  /** Ends the analysis at once. */
  abort: AbortSignal;
  /** Ends the analysis in a checkpoint, from which another process goes on. */
  pause: AbortSignal;
}

/** Is told how an analysis goes on. */
export interface AnalysisObserver {
  /** A kernel thread has the job now. */
  onStarted(): void;
  /** The job waits for a kernel thread, for the first time or again. */
  onWaiting(): void;
  /** Figures of the job have changed. */
  onProgress(): void;
}
