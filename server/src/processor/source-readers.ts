import type { IncomingHttpHeaders } from 'node:http';
import type { Log } from '../log.ts';
import { OUTSIDE_HEADER } from '../process-csv/outside-header.ts';
import { FairQueue } from '../queue/fair-queue.ts';
import type { SourceCallSettings } from './source-call.ts';

/** Sources that are read at once. Each has all cores, so more at once end no sooner, and each holds its departments. */
const PLACES = 4;
/** The same for calls that a gateway hands on: they must leave the cores to its own jobs. */
const OUTSIDE_PLACES = 2;

export interface SourceReadersOptions {
  /** Folders whose files anybody who may call may have read. */
  sources: readonly string[];
  /** The server's own folder, which is not read even where it lies in one of those. */
  dataDir: string;
  /** The folder of the gateway that the processor belongs to, whose files it alone may have read; empty for none. */
  spoolFolder: string;
  workers: number;
  maxDepartments: number;
  maxUploadBytes: number;
  checkpointKey: string;
}

/** How the sources of a processor are read, and by whom. */
export class SourceReaders {
  readonly #options: SourceReadersOptions;
  readonly #log: Log;
  readonly #own = new FairQueue(PLACES);
  readonly #outside = new FairQueue(OUTSIDE_PLACES);

  constructor(options: SourceReadersOptions, log: Log) {
    this.#options = options;
    this.#log = log;
  }

  /** The settings for a call with these headers. `isTrusted`: it comes from the gateway that the processor belongs to. */
  settingsFor(headers: IncomingHttpHeaders): SourceCallSettings & { isTrusted: boolean } {
    const { sources, dataDir, spoolFolder, workers, maxDepartments, maxUploadBytes, checkpointKey } = this.#options;
    const isOutside = headers[OUTSIDE_HEADER] !== undefined || spoolFolder === '';
    const isSecondary = isOutside && spoolFolder !== '';
    return {
      rules: { folders: sources, except: [dataDir], own: isOutside ? '' : spoolFolder },
      maxDepartments,
      maxBytes: maxUploadBytes,
      threads: workers,
      checkpointKey,
      hasLowPriority: isSecondary,
      places: isSecondary ? this.#outside : this.#own,
      log: this.#log,
      isTrusted: !isOutside,
    };
  }

  /** Sources that are being read. */
  get activeCount(): number {
    return this.#own.takenCount + this.#outside.takenCount;
  }
}
