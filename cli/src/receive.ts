import type { Dialect, Summary } from '#gen/tallystream/v1/processor_pb.ts';
import { isNoRowCounts } from '../../kernel/analysis/no-row-counts.ts';
import { TallyError } from '../../server/src/errors.ts';
import type { StreamResponse } from '../../server/src/processor-client/process-stream.ts';
import type { SourceResponse } from '../../server/src/source/analyse-source.ts';
import type { Input } from './input.ts';
import type { RejectsFile } from './rejects-file.ts';
import type { Settings } from './settings.ts';
import type { createStatus } from './status.ts';
import { createTotalsWriter } from './totals-writer.ts';

/** Where the responses go. */
export interface Targets {
  input: Omit<Input, 'chunks'>;
  status: ReturnType<typeof createStatus>;
  rejects: RejectsFile | undefined;
}

/**
 * Writes the responses to their targets.
 *
 * @throws OutputError, OutputClosed; {@link TallyError} NO_ROW_COUNTS, or INTERNAL without a summary; what the responses throw
 */
export async function receive(
  responses: AsyncIterable<StreamResponse | SourceResponse>,
  settings: Settings,
  { input, status, rejects }: Targets,
): Promise<Summary> {
  using writer = await createTotalsWriter(settings);
  let dialect: Dialect | undefined;
  const take = (message: StreamResponse | SourceResponse): Summary | undefined => {
    if (message.case === 'progress') {
      dialect = message.value.dialect;
      status.progress(message.value, input);
    } else if (message.case === 'rejects') rejects?.add(message.value.rejects);
    else if (message.case === 'totals') {
      status.clear();
      writer.add(message.value, dialect);
    } else if (message.case === 'summary') return message.value;
    return undefined;
  };
  let summary: Summary | undefined;
  for await (const response of responses) summary = take(response) ?? summary;
  if (!summary) throw new TallyError('INTERNAL', 'The processor ended without a result.');
  status.clear();
  const none = summary.doubts.find(isNoRowCounts);
  rejects?.end();
  if (none) throw new TallyError('NO_ROW_COUNTS', none.message);
  writer.end(summary);
  return summary;
}
