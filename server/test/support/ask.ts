import { once } from 'node:events';
import { type RequestOptions, request as request1 } from 'node:http';
import { connect, constants } from 'node:http2';
import { request as requestTls } from 'node:https';
import { text } from 'node:stream/consumers';
import { type Answer, answerTo } from './requests.ts';

export const HTTP_VERSIONS = ['HTTP/1.1', 'HTTP/2'] as const;
export type HttpVersion = (typeof HTTP_VERSIONS)[number];

export interface Question {
  method?: string;
  /** By names in lower case; `host` may be another than that of the URL. */
  headers?: Record<string, string>;
  body?: string;
  /** The certificate to trust. */
  ca?: string | Buffer;
}

/** One request by a version of HTTP that the server is known to speak, or over TLS by the one that ALPN agrees on. */
export async function ask(version: HttpVersion, url: string, question: Question = {}): Promise<Answer> {
  return version === 'HTTP/2' ? await ask2(url, question) : await ask1(url, question);
}

async function ask1(url: string, { method, headers, body, ca }: Question): Promise<Answer> {
  const options = { method, headers, ca, agent: false } as RequestOptions;
  const sent = url.startsWith('https:') ? requestTls(url, options) : request1(url, options);
  sent.end(body);
  return await answerTo(sent);
}

async function ask2(url: string, { method = 'GET', headers = {}, body, ca }: Question): Promise<Answer> {
  const { origin, host, pathname, search } = new URL(url);
  const session = connect(origin, ca === undefined ? {} : { ca });
  try {
    const { host: authority = host, ...others } = headers;
    const own = { ':method': method, ':path': pathname + search, ':authority': authority };
    const stream = session.request({ ...own, ...others }, { endStream: false });
    // An answer that comes before the body was read ends the rest of it.
    stream.on('error', (error) => stream.rstCode !== constants.NGHTTP2_NO_ERROR && session.destroy(error));
    stream.end(body);
    const [answer] = await once(stream, 'response');
    const { ':status': status, ...rest } = answer;
    return { status, headers: rest, body: await text(stream) };
  } finally {
    session.close();
  }
}
