import type { DescMethod } from '@bufbuild/protobuf';
import {
  type Compression,
  createAsyncIterable,
  pipe,
  readAllBytes,
  transformDecompressEnvelope,
  transformJoinEnvelopes,
  transformSplitEnvelope,
  type UniversalHandler,
  type UniversalServerRequest,
} from '@connectrpc/connect/protocol';
import { compressionBrotli, compressionGzip } from '@connectrpc/connect-node';
import { toConnectError } from '../connect-errors.ts';
import { FieldLimit } from './field-limit.ts';

/** How much one message of a request may cost. */
export interface MessageLimits {
  /** Bytes, decompressed. */
  maxBytes: number;
  /** Fields in binary, values in JSON, those in nested messages included. */
  maxValues: number;
}

/** The ways in which a request may be compressed. */
export const COMPRESSIONS: Compression[] = [compressionGzip, compressionBrotli];

/** How the body of a request is to be read. */
interface BodyForm {
  isBinary: boolean;
  isEnveloped: boolean;
  encodingHeader: string;
}

const CONTENT_TYPES: [RegExp, Omit<BodyForm, 'isBinary'>][] = [
  [/^application\/(?:proto|json)\b/i, { isEnveloped: false, encodingHeader: 'content-encoding' }],
  [/^application\/connect\+/i, { isEnveloped: true, encodingHeader: 'connect-content-encoding' }],
  [/^application\/grpc/i, { isEnveloped: true, encodingHeader: 'grpc-encoding' }],
];

/**
 * The same handler, which is given no binary message of more fields than are allowed. JSON is looked at where it becomes
 * text, see {@link createJsonReader}. Messages come to Connect decompressed, within the limit of bytes.
 */
export function guardRequests(handler: UniversalHandler, limits: MessageLimits): UniversalHandler {
  const guarded = async (request: UniversalServerRequest) => {
    if (request.method === 'GET') return await handler(ofQuery(request, handler.method, limits));
    const form = formOf(request.header.get('content-type') ?? '');
    return await handler(form ? guardBody(request, form, handler.method, limits) : request);
  };
  return Object.assign(guarded, handler);
}

function formOf(contentType: string): BodyForm | undefined {
  const known = CONTENT_TYPES.find(([pattern]) => pattern.test(contentType))?.[1];
  return known && { ...known, isBinary: !/json\b/i.test(contentType) };
}

function guardBody(
  request: UniversalServerRequest,
  { isBinary, isEnveloped, encodingHeader }: BodyForm,
  method: DescMethod,
  limits: MessageLimits,
): UniversalServerRequest {
  const compression = COMPRESSIONS.find(({ name }) => name === request.header.get(encodingHeader));
  let body = request.body as AsyncIterable<Uint8Array>;
  const header = new Headers(request.header);
  if (compression) {
    header.delete(encodingHeader);
    header.delete('content-length');
    body = isEnveloped
      ? decompressedMessages(body, compression, limits.maxBytes)
      : decompressed(body, compression, limits.maxBytes);
  }
  if (isBinary) body = counted(body, new FieldLimit(method.input, limits.maxValues, isEnveloped));
  return { ...request, header, body };
}

/**
 * Connect's way to ask by GET, in which the message is a part of the URL, and short unless it is compressed: then it is
 * handed on as if it had come by POST.
 */
function ofQuery(request: UniversalServerRequest, method: DescMethod, limits: MessageLimits): UniversalServerRequest {
  const query = new URL(request.url).searchParams;
  const form = formOf(`application/${query.get('encoding') ?? ''}`);
  const encoding = query.get('compression') ?? 'identity';
  if (!form || (encoding === 'identity' && !form.isBinary)) return request;
  const bytes = Buffer.from(query.get('message') ?? '', query.get('base64') === '1' ? 'base64url' : 'utf8');
  const header = new Headers(request.header);
  header.set('content-type', `application/${query.get('encoding')}`);
  header.set(form.encodingHeader, encoding);
  const posted = { ...request, method: 'POST', header, body: createAsyncIterable([bytes]) };
  return guardBody(posted, form, method, limits);
}

/** @throws ConnectError with REQUEST_INVALID */
async function* counted(body: AsyncIterable<Uint8Array>, limit: FieldLimit): AsyncIterable<Uint8Array> {
  for await (const bytes of body) {
    try {
      limit.check(bytes);
    } catch (error) {
      throw toConnectError(error);
    }
    yield bytes;
  }
}

async function* decompressed(
  body: AsyncIterable<Uint8Array>,
  compression: Compression,
  maxBytes: number,
): AsyncIterable<Uint8Array> {
  yield await compression.decompress(await readAllBytes(body, maxBytes), maxBytes);
}

function decompressedMessages(
  body: AsyncIterable<Uint8Array>,
  compression: Compression,
  maxBytes: number,
): AsyncIterable<Uint8Array> {
  return pipe(
    body,
    transformSplitEnvelope(maxBytes),
    transformDecompressEnvelope(compression, maxBytes),
    transformJoinEnvelopes(),
  );
}
