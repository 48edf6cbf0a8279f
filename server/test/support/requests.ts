import { once } from 'node:events';
import { type ClientRequest, type IncomingMessage, type RequestOptions, request } from 'node:http';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';

export interface Answer {
  status: number;
  headers: IncomingMessage['headers'];
  body: string;
}

/** Reads the answer to a request, also if it comes before all of the request is sent. */
export async function answerTo(sent: ClientRequest): Promise<Answer> {
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  // Bytes that cannot be sent any more are of no interest.
  sent.on('error', () => {});
  return { status: response.statusCode ?? 0, headers: response.headers, body: await text(response) };
}

/** Sends a body without saying its length, until it ends or is answered. */
export async function send(url: string, options: RequestOptions, body: AsyncIterable<Uint8Array>): Promise<Answer> {
  const sent = request(url, options);
  const source = Readable.from(body, { objectMode: false });
  source.pipe(sent);
  try {
    return await answerTo(sent);
  } finally {
    source.destroy();
    sent.destroy();
  }
}
