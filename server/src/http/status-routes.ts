import type { MetricsText } from '../metrics/registry.ts';
import type { AskReadiness } from '../readiness.ts';
import { type HttpRoute, READING } from './routes.ts';

const TEXT = { 'content-type': 'text/plain; charset=utf-8' };

/** `/healthz` (the process is up), `/readyz` (it can take work) and `/metrics`. */
export function statusRoutes(readiness: AskReadiness, metrics: MetricsText): HttpRoute[] {
  return [
    {
      matches: (path) => path === '/healthz',
      methods: READING,
      isOpen: true,
      async handle(_request, response) {
        response.writeHead(200, TEXT).end('ok\n');
      },
    },
    {
      matches: (path) => path === '/readyz',
      methods: READING,
      isOpen: true,
      async handle(_request, response) {
        const answer = await readiness();
        response
          .writeHead(answer.isReady ? 200 : 503, TEXT)
          .end(answer.isReady ? 'ready\n' : `not ready: ${answer.reason}\n`);
      },
    },
    {
      matches: (path) => path === '/metrics',
      methods: READING,
      async handle(_request, response) {
        const { contentType, text } = await metrics();
        response.writeHead(200, { 'content-type': contentType }).end(text);
      },
    },
  ];
}
