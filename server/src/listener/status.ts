import { type HttpRoute, READING } from './http.ts';
import type { MetricsText } from './metrics.ts';

const TEXT = { 'content-type': 'text/plain; charset=utf-8' };

/** `/healthz` (the process is up), `/readyz` (it can take work) and `/metrics`. */
export function statusRoutes(isReady: () => Promise<boolean>, metrics: MetricsText): HttpRoute[] {
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
        const ready = await isReady();
        response
          .writeHead(ready ? 200 : 503, TEXT)
          .end(ready ? 'ready\n' : 'not ready: no processor takes work, or the disk is full\n');
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
