import { type Client, createClient } from '@connectrpc/connect';
import { Health } from '#gen/health/v1/health_pb.ts';
import { ProcessorService, type ProcessSourceRequest } from '#gen/tallystream/v1/processor_pb.ts';
import { notReady, READY, type Readiness } from '../readiness.ts';
import { ProcessStream } from './process-stream.ts';
import { ProcessorConnection } from './processor-connection.ts';
import { probe } from './processor-probe.ts';

interface Processor {
  connection: ProcessorConnection;
  client: Client<typeof ProcessorService>;
  health: Client<typeof Health>;
}

/** The processors that a gateway knows, used in turn. */
export class Processors {
  readonly #processors: Processor[];
  #next = 0;

  /** @param urls `http:`, `https:` or `unix:` addresses, at least one */
  constructor(urls: readonly string[]) {
    this.#processors = urls.map((url) => {
      const connection = new ProcessorConnection(url);
      const transport = connection.createTransport();
      return {
        connection,
        client: createClient(ProcessorService, transport),
        health: createClient(Health, transport),
      };
    });
  }

  /**
   * Begins a call of ProcessCsv at the processor whose turn it is. A job that fails there comes to the next one with its
   * next try.
   */
  open(signal: AbortSignal): Promise<ProcessStream> {
    return ProcessStream.open(this.#take().connection, signal);
  }

  /** Makes a call of ProcessSource at the processor whose turn it is. */
  openSource(request: ProcessSourceRequest, signal: AbortSignal): Promise<ProcessStream> {
    return ProcessStream.openSource(this.#take().connection, request, signal);
  }

  /** A client of the processor whose turn it is, for calls that are handed on as they are. */
  client(): Client<typeof ProcessorService> {
    return this.#take().client;
  }

  /** Whether any processor takes work. Ends within the deadline of a {@link probe}, and asks all of them each time. */
  async readiness(): Promise<Readiness> {
    try {
      await Promise.any(this.#processors.map(({ connection, health }) => probe(connection, health)));
      return READY;
    } catch (error) {
      const { errors } = error as AggregateError & { errors: Error[] };
      const reasons = new Set(errors.map(({ message }) => message));
      return notReady(`no processor accepts work: ${[...reasons].join('; ')}`);
    }
  }

  #take(): Processor {
    const processor = this.#processors[this.#next++ % this.#processors.length];
    if (!processor) throw new Error('no processor is configured');
    return processor;
  }

  close(): void {
    for (const { connection } of this.#processors) connection.close();
  }
}
