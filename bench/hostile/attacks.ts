/** Requests that cost the sender little, and a server without bounds much: each goes on for some seconds and cleans up. */
import { connect as connectHttp2 } from 'node:http2';
import { connect as connectTcp } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import { createClient } from '@connectrpc/connect';
import { createGrpcTransport } from '@connectrpc/connect-node';
import { GatewayService } from '#gen/tallystream/v1/gateway_pb.ts';
import { ProcessorService } from '#gen/tallystream/v1/processor_pb.ts';
import { Random } from '../../generator/src/random.ts';
import { encodeFrame } from '../../server/src/process-csv/frame.ts';
import { hostileBytes } from '../../server/test/support/hostile-traffic.ts';

/** How long those go on that hold something. */
const HOLD_MS = 5_000;
const MB = 1024 * 1024;
const PROCESS_CSV = '/tallystream.v1.ProcessorService/ProcessCsv';
const WATCH_JOBS = '/tallystream.v1.GatewayService/WatchJobs';
const GRPC = { ':method': 'POST', 'content-type': 'application/grpc+proto', te: 'trailers' };

/** A place to attack: the server's address, and the id of a job with many departments. */
export interface Target {
  url: string;
  largeJobId: string;
}

type Attack = (target: Target) => Promise<void>;

/** An HTTP/2 connection of its own, closed afterwards. Nothing that the server does with it is an error here. */
async function withSession(url: string, use: (session: ReturnType<typeof connectHttp2>) => Promise<void>) {
  const session = connectHttp2(url);
  session.on('error', () => {});
  try {
    await use(session);
  } finally {
    session.destroy();
  }
}

/** Opens a stream whose answers are read and forgotten. */
function open(session: ReturnType<typeof connectHttp2>, path: string, body: Buffer, ends = true) {
  const stream = session.request({ ...GRPC, ':path': path });
  stream.on('error', () => {});
  stream.resume();
  if (ends) stream.end(body);
  else stream.write(body);
  return stream;
}

/** A message of one field of bytes, which may be one that holds another. */
function field(number: number, bytes: Buffer): Buffer {
  const length: number[] = [];
  let rest = bytes.length;
  for (; rest > 127; rest = Math.floor(rest / 128)) length.push((rest % 128) | 128);
  return Buffer.concat([Buffer.from([(number << 3) | 2, ...length, rest]), bytes]);
}

async function upload({ url }: Target, body: Buffer, query = ''): Promise<void> {
  await fetch(`${url}/upload${query}`, { method: 'POST', body: new Uint8Array(body) }).catch(() => {});
}

/** Facts that no file comes to, with the checksum that goes with them. */
const forgedCheckpoints: Attack = async ({ url }) => {
  const facts = { options: '{}', bytes: 0, markBytes: 0, headBytes: -1, doubts: [], encoding: '' };
  const json = Buffer.from(JSON.stringify({ facts, lengths: { head: 0, held: 0, kernel: 0 } }));
  const state = Buffer.concat([Buffer.alloc(16), json, Buffer.alloc(32)]);
  state.write('TSCP', 'latin1');
  state.writeUInt32LE(4, 4);
  state.writeUInt32LE(json.length, 12);
  state.writeUInt32LE(crc32(state.subarray(12)), 8);
  const options = encodeFrame(field(1, field(2, state)));
  const chunk = encodeFrame(field(2, Buffer.from('a,1\n')));
  await withSession(url, async (session) => {
    for (let call = 0; call < 50; call++) open(session, PROCESS_CSV, Buffer.concat([options, chunk]));
    await wait(HOLD_MS);
  });
};

const manyEmptyIds: Attack = async ({ url }) => {
  await withSession(url, async (session) => {
    for (let call = 0; call < 5; call++) open(session, WATCH_JOBS, encodeFrame(Buffer.alloc(MB, Buffer.from([10, 0]))));
    await wait(HOLD_MS);
  });
  const ids = JSON.stringify({ ids: Array.from({ length: 300_000 }, () => '') });
  const headers = { 'content-type': 'application/json' };
  await fetch(`${url}/tallystream.v1.GatewayService/ListJobs`, { method: 'POST', headers, body: ids }).catch(() => {});
};

/** They read nothing that they are sent. */
const manyWatchers: Attack = async ({ url }) => {
  await withSession(url, async (session) => {
    const streams = Array.from({ length: 300 }, () => open(session, WATCH_JOBS, encodeFrame(Buffer.alloc(0))));
    for (const stream of streams.slice(0, 150)) stream.pause();
    await wait(HOLD_MS);
  });
};

const idleCalls: Attack = async ({ url }) => {
  await withSession(url, async (session) => {
    const bytes = encodeFrame(field(2, Buffer.from('a,b\nx,1\n')));
    for (let call = 0; call < 64; call++) open(session, PROCESS_CSV, bytes, false);
    await wait(4 * HOLD_MS);
  });
};

const slowReads: Attack = async ({ url, largeJobId }) => {
  const client = createClient(GatewayService, createGrpcTransport({ baseUrl: url }));
  const signal = AbortSignal.timeout(2 * HOLD_MS);
  const list = () =>
    client.listTotals({ jobId: largeJobId, orderBy: 'mean desc', search: 'e', pageSize: 10 }, { signal });
  await Promise.allSettled(Array.from({ length: 100 }, list));
};

const longResume: Attack = async ({ url }) => {
  await withSession(url, async (session) => {
    const options = encodeFrame(field(1, field(2, Buffer.from('x'))));
    open(session, PROCESS_CSV, Buffer.concat([options, encodeFrame(field(4, Buffer.alloc(32 * MB, 'x')))]));
    await wait(HOLD_MS);
  });
};

const manyCheckpoints: Attack = async ({ url }) => {
  await withSession(url, async (session) => {
    const ask = encodeFrame(field(3, Buffer.alloc(0)));
    const chunk = encodeFrame(field(2, Buffer.from('a,b\nx,1\n')));
    open(session, PROCESS_CSV, Buffer.concat([chunk, ...Array.from({ length: 100_000 }, () => ask)]));
    await wait(HOLD_MS);
  });
};

const manyColumns: Attack = async (target) => {
  const row = '1,'.repeat(500_000);
  await upload(target, Buffer.from(`${row}1\n${row}1\n`), '?filename=columns.csv');
  const long = encodeURIComponent('x'.repeat(3_900));
  await Promise.all(
    Array.from({ length: 20 }, () => upload(target, Buffer.from('a,b\nx,1\n'), `?departmentColumn=${long}`)),
  );
};

const longNames: Attack = async (target) => {
  const rows = Array.from({ length: 50 }, (_, index) => `${index}${'n'.repeat(400_000)},1\n`);
  await upload(target, Buffer.from(`Department,Amount\n${rows.join('')}`), '?filename=names.csv');
};

/** Names that differ in bytes 8 and 16 only. */
const collidingNames: Attack = async (target) => {
  const rows: string[] = [];
  for (let first = 33; first < 127; first++) {
    for (let second = 48; second < 123; second++) {
      if (first === 34 || first === 44) continue;
      rows.push(`aaaaaaa${String.fromCharCode(first)}bbbbbbb${String.fromCharCode(second)},1\n`);
    }
  }
  const all = Buffer.from(rows.join(''));
  await upload(
    target,
    Buffer.concat([Buffer.from('Department,Amount\n'), ...Array(10).fill(all)]),
    '?filename=same.csv',
  );
};

const rapidReset: Attack = async ({ url }) => {
  await withSession(url, async (session) => {
    for (let round = 0; round < 20 && !session.destroyed; round++) {
      for (let call = 0; call < 500 && !session.destroyed; call++) {
        open(session, '/tallystream.v1.GatewayService/ListJobs', encodeFrame(Buffer.alloc(0))).close(8);
      }
      await wait(50);
    }
  });
};

const idleConnections: Attack = async ({ url }) => {
  const { port } = new URL(url);
  const sockets = Array.from({ length: 500 }, () => {
    const socket = connectTcp(Number(port), '127.0.0.1');
    socket.on('error', () => {});
    socket.write('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0');
    return socket;
  });
  await wait(2 * HOLD_MS);
  for (const socket of sockets) socket.destroy();
};

/** Uploads that give a few bytes now and then. */
const trickle: Attack = async ({ url }) => {
  const { port } = new URL(url);
  const head = 'POST /upload?filename=slow.csv HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100000\r\n\r\na,b\nx,1\n';
  const sockets = Array.from({ length: 80 }, () => {
    const socket = connectTcp(Number(port), '127.0.0.1');
    socket.on('error', () => {});
    socket.write(head);
    return socket;
  });
  for (let turn = 0; turn < 10; turn++) {
    await wait(2_000);
    for (const socket of sockets) if (!socket.destroyed) socket.write('x,1\n');
  }
  for (const socket of sockets) socket.destroy();
};

const noise: Attack = async ({ url }) => {
  const { port } = new URL(url);
  const random = new Random(Date.now() % 1_000_000);
  for (let client = 0; client < 200; client++) {
    const socket = connectTcp(Number(port), '127.0.0.1');
    socket.on('error', () => {});
    socket.write(hostileBytes(random, '/uploads/none'));
    setTimeout(() => socket.destroy(), 500);
    await wait(20);
  }
};

/** Calls that are given up as soon as they have begun to answer. */
const abandonedCalls: Attack = async ({ url }) => {
  const client = createClient(ProcessorService, createGrpcTransport({ baseUrl: url }));
  const call = async () => {
    const signal = AbortSignal.timeout(100);
    async function* rows() {
      while (!signal.aborted) yield { message: { case: 'chunk' as const, value: Buffer.alloc(100_000, 'a,1\n') } };
    }
    await Array.fromAsync(client.processCsv(rows(), { signal })).catch(() => {});
  };
  for (let round = 0; round < 5; round++) await Promise.all(Array.from({ length: 10 }, call));
};

/** Asks twenty times at once, each time again as soon as it is over. */
async function flood(ask: (signal: AbortSignal, lane: number) => Promise<unknown>): Promise<void> {
  const signal = AbortSignal.timeout(HOLD_MS);
  const repeat = async (lane: number) => {
    while (!signal.aborted) await ask(signal, lane).catch(() => {});
  };
  await Promise.all(Array.from({ length: 20 }, (_, lane) => repeat(lane)));
}

/** Uploads of a few rows each, most of them given up before the end. */
const smallUploads: Attack = ({ url }) =>
  flood((signal, lane) => {
    const isGivenUp = lane < 15;
    return fetch(`${url}/upload?filename=small.csv`, {
      method: 'POST',
      body: (async function* () {
        yield Buffer.from(isGivenUp ? 'a,b\nx,1\n' : 'a,1\n'.repeat(20_000));
        await wait(isGivenUp ? 100 : 0);
      })(),
      duplex: 'half',
      signal: AbortSignal.any([signal, AbortSignal.timeout(50)]),
    } as unknown as RequestInit);
  });

/** Samples whose columns are to be found. */
const inspections: Attack = async ({ url }) => {
  const client = createClient(GatewayService, createGrpcTransport({ baseUrl: url }));
  const sample = Buffer.from('a;b;c;d,e|f,1;2\n'.repeat(4_000));
  await flood((signal) => client.inspectCsv({ sample }, { signal }));
};

/** Downloads of many departments in an order that is no index, given up after their first bytes. */
const abandonedDownloads: Attack = ({ url, largeJobId }) =>
  flood(async (signal) => {
    const response = await fetch(`${url}/jobs/${largeJobId}/totals.json?orderBy=mean%20desc`, { signal });
    const reader = response.body?.getReader();
    await reader?.read();
    await reader?.cancel();
  });

export const ATTACKS: Record<string, Attack> = {
  forgedCheckpoints,
  manyEmptyIds,
  manyWatchers,
  idleCalls,
  slowReads,
  longResume,
  manyCheckpoints,
  manyColumns,
  longNames,
  collidingNames,
  rapidReset,
  idleConnections,
  trickle,
  noise,
  abandonedCalls,
};

/** Floods of requests that are as such well. */
export const FLOODS: Record<string, Attack> = { smallUploads, inspections, abandonedDownloads, abandonedCalls };
