import { cookieOf, type Tickets } from '../access/download-ticket.ts';
import type { HttpRoute } from './routes.ts';

/**
 * `POST /session`: a caller with a key gets a ticket for downloads as a cookie, which other sites cannot use and
 * scripts cannot read.
 */
export function sessionRoute(tickets: Tickets, isSecure: boolean): HttpRoute {
  return {
    matches: (path) => path === '/session',
    methods: ['POST'],
    async handle(_request, response, _url, { owner }) {
      response.setHeader('cache-control', 'no-store');
      // Without keys there is nothing that a ticket would open.
      if (owner !== undefined) response.setHeader('set-cookie', cookieOf(tickets.issue(owner), isSecure));
      response.writeHead(204).end();
    },
  };
}
