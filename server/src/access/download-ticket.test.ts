import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { sessionRoute } from '../http/session-route.ts';
import { createGate, ownerOf } from './api-keys.ts';
import { orTicket, Tickets } from './download-ticket.ts';

const OWNER = ownerOf('first-key');
const cookie = (ticket: string) => ({ cookie: `theme=dark; tallystream-ticket=${ticket}` });

test('a ticket is good for five minutes', () => {
  let now = 1_000_000;
  const tickets = new Tickets(() => now);
  const ticket = tickets.issue(OWNER);
  now += 299_999;
  expect(tickets.ownerOf(ticket)).toBe(OWNER);
  now += 1;
  expect(tickets.ownerOf(ticket)).toBeUndefined();
});

test('a ticket that was changed in any place, or comes from another process, is none', () => {
  const tickets = new Tickets(() => 0);
  const ticket = tickets.issue(OWNER);
  expect(tickets.ownerOf(ticket)).toBe(OWNER);
  // Of the last digit of the signature some bits mean nothing.
  for (let at = 0; at < ticket.length - 1; at++) {
    const other = ticket[at] === 'a' ? 'b' : 'a';
    expect(tickets.ownerOf(ticket.slice(0, at) + other + ticket.slice(at + 1))).toBeUndefined();
  }
  const [owner, expiry, signature] = ticket.split('.');
  for (const forged of [
    `${ownerOf('second-key')}.${expiry}.${signature}`,
    `${owner}.9999999999999.${signature}`,
    `${owner}.${expiry}.`,
    `${owner}.${expiry}`,
    `.${expiry}.${signature}`,
    '',
  ]) {
    expect(tickets.ownerOf(forged)).toBeUndefined();
  }
  expect(new Tickets(() => 0).ownerOf(ticket)).toBeUndefined();
});

test('a ticket or a key lets in, with the key first, and the name of an owner is not its key', () => {
  const tickets = new Tickets();
  const gate = orTicket(createGate(['first-key', 'second-key']), tickets);
  const ticket = cookie(tickets.issue(OWNER));
  expect(gate(ticket)).toEqual({ owner: OWNER });
  expect(gate({ ...ticket, 'x-api-key': 'second-key' })).toEqual({ owner: ownerOf('second-key') });
  expect(gate(cookie('nonsense'))).toBeUndefined();
  expect(gate({})).toBeUndefined();
  expect(OWNER).toMatch(/^[0-9a-f]{32}$/);
});

test('over TLS the cookie never goes without', async () => {
  for (const isSecure of [true, false]) {
    const route = sessionRoute(new Tickets(), isSecure);
    const server = createServer((request, response) =>
      route.handle(request, response, new URL('http://localhost/session'), { owner: OWNER }),
    );
    await once(server.listen(0), 'listening');
    const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, { method: 'POST' });
    expect(/; Secure\b/.test(answer.headers.get('set-cookie') ?? '')).toBe(isSecure);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    server.close();
  }
});
