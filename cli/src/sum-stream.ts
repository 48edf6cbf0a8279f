import { create } from '@bufbuild/protobuf';
import { ProcessCsvOptionsSchema, type Summary } from '#gen/tallystream/v1/processor_pb.ts';
import type { ProcessStream } from '../../server/src/processor-client/process-stream.ts';
import { aborted } from './aborted.ts';
import type { Input } from './input.ts';
import { findProcessor } from './one-processor.ts';
import { receive, type Targets } from './receive.ts';
import type { Settings } from './settings.ts';

/** Streams the input to a processor. */
export async function sumStream(
  input: Input,
  settings: Settings,
  targets: Targets,
  signal: AbortSignal,
): Promise<Summary> {
  await using processor = await findProcessor(settings.processor, settings.csv.maxDepartments);
  const ended = new AbortController();
  let receiving: Promise<Summary> | undefined;
  try {
    const stream = await processor.open(AbortSignal.any([signal, ended.signal]));
    const sending = send(stream, settings, input);
    receiving = receive(stream.responses, settings, targets);
    return await Promise.race([
      receiving,
      // An input that cannot be read ends the call.
      sending.then(() => new Promise<never>(() => {})),
      aborted(signal),
    ]);
  } finally {
    ended.abort();
    // It writes into files that are closed next.
    await Promise.allSettled([receiving]);
  }
}

async function send(stream: ProcessStream, { csv }: Settings, { chunks }: Input): Promise<void> {
  await stream.send({ message: { case: 'options', value: create(ProcessCsvOptionsSchema, { csv }) } });
  for await (const chunk of chunks) {
    if (stream.isClosed) return;
    await stream.sendChunk(chunk);
  }
  stream.end();
}
