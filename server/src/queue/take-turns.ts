import { setImmediate as nextTurn } from 'node:timers/promises';

/** Items that are handed on in one turn of the event loop. */
const ITEMS_PER_TURN = 64;

/**
 * The same items, with a turn of the event loop for everybody else now and then: items that are there already come one
 * after the other without one, and a message of a few bytes may be one of hundreds of thousands.
 */
export async function* takeTurns<T>(items: AsyncIterable<T>): AsyncGenerator<T> {
  let count = 0;
  for await (const item of items) {
    yield item;
    if (++count % ITEMS_PER_TURN === 0) await nextTurn();
  }
}
