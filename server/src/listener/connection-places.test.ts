import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { ConnectionPlaces } from './connection-places.ts';

const KEY = { 'x-api-key': 'known' };
let port = 0;

/** A connection that is never there, but says when it was closed. */
class Connection extends EventEmitter {
  readonly remoteAddress: string;
  readonly remotePort = ++port;
  isClosed = false;

  constructor(remoteAddress = '192.0.2.1') {
    super();
    this.remoteAddress = remoteAddress;
  }

  destroy(): this {
    this.isClosed = true;
    this.emit('close');
    return this;
  }
}

function placesFor(most: number, areAllLetIn = false) {
  const places = new ConnectionPlaces(most, (headers) => areAllLetIn || headers['x-api-key'] === 'known');
  const open = (address?: string) => {
    const connection = new Connection(address);
    return { connection, hasPlace: places.take(connection as never) };
  };
  return { places, open };
}

test('one without a key makes room, the longest idle first, and those with one stay', () => {
  const { places, open } = placesFor(3);
  const [known, first, second] = [open().connection, open().connection, open().connection];
  places.begin(known, KEY)();
  places.begin(first, {})();
  expect(open().hasPlace).toBe(true);
  expect([known, first, second].map(({ isClosed }) => isClosed)).toEqual([false, false, true]);
  expect(open().hasPlace).toBe(true);
  expect([known, first].map(({ isClosed }) => isClosed)).toEqual([false, true]);
  expect(places.taken).toBe(3);
});

test('what runs without a key makes room before what only rests with one', () => {
  const { places, open } = placesFor(2);
  const [known, unknown] = [open().connection, open().connection];
  places.begin(known, KEY)();
  places.begin(unknown, {});
  expect(open().hasPlace).toBe(true);
  expect([known.isClosed, unknown.isClosed]).toEqual([false, true]);
});

test('where everybody is let in the longest idle makes room, and nothing that runs', () => {
  const { places, open } = placesFor(3, true);
  const connections = [open().connection, open().connection, open().connection];
  const ends = connections.map((connection) => places.begin(connection, {}));
  expect(open().hasPlace).toBe(false);
  ends[2]?.();
  ends[0]?.();
  expect(open().hasPlace).toBe(true);
  expect(connections.map(({ isClosed }) => isClosed)).toEqual([false, false, true]);
});

test('an address that has most of the places makes room for another one, but not for itself', () => {
  const { places, open } = placesFor(10, true);
  const greedy = Array.from({ length: 10 }, () => open('192.0.2.66').connection);
  for (const connection of greedy) places.begin(connection, {});
  expect(open('192.0.2.66').hasPlace).toBe(false);
  const modest = open('192.0.2.7');
  places.begin(modest.connection, {});
  expect(modest.hasPlace).toBe(true);
  expect(greedy.filter(({ isClosed }) => isClosed)).toEqual([greedy[0]]);
  // It may come to have a third of them so.
  const more = Array.from({ length: 9 }, () => {
    const next = open('192.0.2.7');
    places.begin(next.connection, {});
    return next;
  });
  expect(more.filter(({ hasPlace }) => hasPlace).length).toBeLessThan(5);
  expect(modest.connection.isClosed).toBe(false);
});

test('a place is free again when its connection has closed', () => {
  const { places, open } = placesFor(1, true);
  const { connection } = open();
  places.begin(connection, {});
  connection.destroy();
  expect(places.taken).toBe(0);
  expect(open().hasPlace).toBe(true);
});
