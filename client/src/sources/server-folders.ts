import { type Accessor, createEffect, createSignal, on } from 'solid-js';
import type { Source } from '#gen/tallystream/v1/gateway_pb.ts';
import type { Gateway } from '../api/gateway.ts';
import type { WatchStatus } from '../jobs/watch.ts';
import { makeLatest, stale } from '../reactive/latest.ts';

/**
 * The folders of the server whose files jobs may read in place. They are asked for whenever the connection stands.
 * Empty if there are none, and while nobody knows: then nothing is offered.
 */
export function createServerFolders(gateway: Gateway, status: Accessor<WatchStatus>): Accessor<readonly Source[]> {
  const [folders, setFolders] = createSignal<readonly Source[]>([]);
  const latest = makeLatest();
  async function load(): Promise<void> {
    try {
      const answer = await latest.run((signal) => gateway.listSources({}, { signal }));
      if (answer !== stale) setFolders(answer.sources);
    } catch {
      // A server of an earlier version, say.
      setFolders([]);
    }
  }
  createEffect(
    on(status, (now) => {
      if (now === 'live') void load();
      if (now === 'denied') setFolders([]);
    }),
  );
  return folders;
}
