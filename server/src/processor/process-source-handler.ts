import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import { create, fromBinary } from '@bufbuild/protobuf';
import { Code, ConnectError } from '@connectrpc/connect';
import {
  ProcessorService,
  type ProcessSourceRequest,
  ProcessSourceRequestSchema,
} from '#gen/tallystream/v1/processor_pb.ts';
import { isBodyWhole } from '../http/body-end.ts';
import { FrameReader } from '../process-csv/frame-reader.ts';
import { checkTexts } from '../process-csv/request-texts.ts';
import { answer } from './grpc-call.ts';
import { SourceCall, type SourceCallSettings } from './source-call.ts';

/** The path of the call in HTTP. */
export const PROCESS_SOURCE_PATH = `/${ProcessorService.typeName}/${ProcessorService.method.processSource.name}`;

export interface SourceHandlerOptions extends SourceCallSettings {
  /** The caller of the call: places are shared out fairly. */
  caller: string;
  /** The largest request that is taken, in bytes. */
  readMaxBytes: number;
  /** Ends running calls with `unavailable`. */
  shutdownSignal: AbortSignal;
}

/** Serves one call of ProcessSource: totals go out as they come from the thread. */
export function handleProcessSource(
  request: Http2ServerRequest,
  response: Http2ServerResponse,
  { caller, readMaxBytes, shutdownSignal, ...settings }: SourceHandlerOptions,
): void {
  const message = readRequest(request, readMaxBytes);
  answer(request, response, shutdownSignal, (signal) => new SourceCall(message, settings, caller, signal));
}

/** @throws ConnectError, {@link TallyError} REQUEST_INVALID */
async function readRequest(request: Http2ServerRequest, readMaxBytes: number): Promise<ProcessSourceRequest> {
  const reader = new FrameReader(readMaxBytes);
  let message: ProcessSourceRequest | undefined;
  for await (const bytes of request.stream as AsyncIterable<Buffer>) {
    for (const frame of reader.read(bytes)) {
      if (message) throw new ConnectError('the request has more than one message', Code.InvalidArgument);
      message = fromBinary(ProcessSourceRequestSchema, frame);
    }
  }
  if (!isBodyWhole(request) || reader.isPartial) {
    throw new ConnectError('the stream ended inside a message', Code.InvalidArgument);
  }
  // As Connect has it: a call without a message has an empty one.
  const whole = message ?? create(ProcessSourceRequestSchema);
  checkTexts(ProcessSourceRequestSchema, whole);
  return whole;
}
