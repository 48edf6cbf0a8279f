import type { IncomingMessage } from 'node:http';
import type { Http2ServerRequest } from 'node:http2';
import { ProcessorService } from '#gen/tallystream/v1/processor_pb.ts';
import { callerOf, type Gate } from '../access/api-keys.ts';
import { type Caller, sharerOf } from '../access/caller.ts';
import { orTicket, type Tickets } from '../access/download-ticket.ts';
import { handleDownload, isDownload } from '../gateway/download/download.ts';
import type { UploadLimits } from '../gateway/jobs/new-upload.ts';
import type { JobsOf } from '../gateway/jobs/own-jobs.ts';
import type { JobStore } from '../gateway/store/job-store.ts';
import { handleUpload } from '../gateway/upload/one-shot-upload.ts';
import { createTusHandler } from '../gateway/upload/tus.ts';
import { UPLOADS_PATH } from '../gateway/upload/upload-url.ts';
import { type HttpRoute, READING } from '../http/routes.ts';
import { sessionRoute } from '../http/session-route.ts';
import type { RequestHandler } from '../listener/one-port.ts';
import type { Log } from '../log.ts';
import { PacedStarts } from '../queue/paced-starts.ts';

/** A call of ProcessCsv takes some 2 ms of the gateway's thread, an upload 1 ms, however small they are. */
const CALL_PACE = { free: 20, pauseMs: 50 };
const UPLOAD_PACE = { free: 50, pauseMs: 10 };

const UPLOAD_PATH = '/upload';
const PROCESSOR_PATH = `/${ProcessorService.typeName}`;

export interface RouteDependencies {
  jobsOf: JobsOf;
  store: JobStore;
  limits: UploadLimits;
  gate: Gate;
  tickets: Tickets;
  /** Whether browsers reach the server by TLS. */
  isSecure: boolean;
  log: Log;
}

/** The plain HTTP of a gateway: uploads, downloads, and the tickets for them. */
export function gatewayRoutes({ jobsOf, store, limits, gate, tickets, isSecure, log }: RouteDependencies): HttpRoute[] {
  const tus = createTusHandler(jobsOf, limits, log);
  const starts = new PacedStarts(UPLOAD_PACE);
  return [
    sessionRoute(tickets, isSecure),
    {
      matches: (path) => isBelow(path, UPLOAD_PATH),
      methods: ['POST', 'PUT'],
      async handle(request, response, url, caller) {
        await startOf(request, starts, caller);
        await handleUpload(request, response, url, jobsOf(caller), limits);
      },
    },
    {
      matches: (path) => isBelow(path, UPLOADS_PATH),
      async handle(request, response, _url, caller) {
        if (request.method === 'POST') await startOf(request, starts, caller);
        await tus(request, response, caller);
      },
    },
    {
      matches: isDownload,
      methods: READING,
      gate: orTicket(gate, tickets),
      handle: (request, response, url, caller) => handleDownload(request, response, url, jobsOf(caller), store),
    },
  ];
}

/** Serves calls of ProcessCsv in their turns, and all others at once. */
export function withPacedCalls(rpc: RequestHandler, gate: Gate): RequestHandler {
  const starts = new PacedStarts(CALL_PACE);
  return (request, response) => {
    const begin = () => rpc(request, response);
    if (!request.url.startsWith(`${PROCESSOR_PATH}/`)) begin();
    else starts.add(sharerOf(callerOf(gate, request) ?? {}), { isGone: () => isGone(request), begin });
  };
}

function isBelow(path: string, root: string): boolean {
  return path === root || path.startsWith(`${root}/`);
}

/** Resolves when a request has its turn to start; never for one that is given up before. */
function startOf(request: IncomingMessage, starts: PacedStarts, caller: Caller): Promise<void> {
  return new Promise((begin) => starts.add(sharerOf(caller), { isGone: () => isGone(request), begin }));
}

function isGone(request: IncomingMessage | Http2ServerRequest): boolean {
  return 'stream' in request ? request.stream.destroyed : request.socket.destroyed;
}
