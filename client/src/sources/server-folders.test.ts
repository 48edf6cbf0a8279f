import { Code, ConnectError, createClient, createRouterTransport } from '@connectrpc/connect';
import { createRoot, createSignal } from 'solid-js';
import { expect, it } from 'vitest';
import { GatewayService } from '#gen/tallystream/v1/gateway_pb.ts';
import { eventually } from '../../test/eventually.ts';
import type { WatchStatus } from '../jobs/watch.ts';
import { createServerFolders } from './server-folders.ts';

/** Folders of a server that gives these answers one after the other, and then no more. */
function foldersOf(...answers: (string[] | ConnectError)[]) {
  const asked: string[] = [];
  const transport = createRouterTransport(({ service }) => {
    service(GatewayService, {
      listSources({ folder }) {
        asked.push(folder);
        const answer = answers.shift() ?? new ConnectError('no more', Code.Internal);
        if (answer instanceof ConnectError) throw answer;
        return { sources: answer.map((name) => ({ name, url: `file://${name}`, folder: true })) };
      },
    });
  });
  const [status, setStatus] = createSignal<WatchStatus>('connecting');
  const folders = createRoot(() => createServerFolders(createClient(GatewayService, transport), status));
  return { asked, setStatus, names: () => folders().map(({ name }) => name) };
}

it('asks for the allowed folders once there is a connection', async () => {
  const { asked, setStatus, names } = foldersOf(['/data', '/more']);
  expect(asked).toEqual([]);
  setStatus('live');
  await eventually(() => expect(names()).toEqual(['/data', '/more']));
  expect(asked).toEqual(['']);
});

it('offers nothing of a server that does not know the question', async () => {
  const { asked, setStatus, names } = foldersOf(new ConnectError('unknown', Code.Unimplemented));
  setStatus('live');
  await eventually(() => expect(asked).toHaveLength(1));
  expect(names()).toEqual([]);
});

it('asks again with the next connection: the server may have been started with others', async () => {
  const { setStatus, names } = foldersOf(['/data'], ['/other']);
  setStatus('live');
  await eventually(() => expect(names()).toEqual(['/data']));
  setStatus('lost');
  expect(names()).toEqual(['/data']);
  setStatus('live');
  await eventually(() => expect(names()).toEqual(['/other']));
});

it('forgets the names of folders when the key is refused', async () => {
  const { setStatus, names } = foldersOf(['/data']);
  setStatus('live');
  await eventually(() => expect(names()).toEqual(['/data']));
  setStatus('denied');
  expect(names()).toEqual([]);
});
