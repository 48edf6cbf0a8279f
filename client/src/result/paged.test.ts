import { createRenderEffect, createRoot } from 'solid-js';
import { afterEach, describe, expect, it } from 'vitest';
import { eventually } from '../../test/eventually.ts';
import { createPaged } from './paged.ts';

let stop = () => {};
afterEach(() => stop());

/** A list of two pages, read by somebody who always wants more; pages fail while the test says so. */
function greedy() {
  const asked: string[] = [];
  const server = { isDown: false };
  const list = createRoot((dispose) => {
    stop = dispose;
    const paged = createPaged(async (token) => {
      asked.push(token);
      if (server.isDown) throw new Error('down');
      return { rows: [`row ${asked.length}`], nextPageToken: token === '' ? 'second' : '', totalSize: 2 };
    });
    createRenderEffect(() => {
      if (paged.rows().length > 0) paged.loadMore();
    });
    return paged;
  });
  return { list, asked, server };
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 20));

describe('createPaged', () => {
  it('loads page after page for who asks for more', async () => {
    const { list, asked } = greedy();
    list.reload();
    await eventually(() => expect(list.rows()).toHaveLength(2));
    expect(asked).toEqual(['', 'second']);
    expect(list.hasMore()).toBe(false);
  });

  it('asks once for a page that cannot be had, and for that one again when it is told to', async () => {
    const { list, asked, server } = greedy();
    list.reload();
    // The first page is on its way.
    server.isDown = true;
    await eventually(() => expect(list.error()).not.toBe(''));
    await settled();
    expect(asked).toEqual(['', 'second']);
    list.loadMore();
    expect(asked).toEqual(['', 'second']);
    server.isDown = false;
    list.again();
    await eventually(() => expect(list.rows()).toHaveLength(2));
    expect(asked).toEqual(['', 'second', 'second']);
    expect(list.error()).toBe('');
  });
});
