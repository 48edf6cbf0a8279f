import { type Accessor, createContext, useContext } from 'solid-js';
import type { Source } from '#gen/tallystream/v1/gateway_pb.ts';
import type { Access } from './access/access.ts';
import type { Gateway } from './api/gateway.ts';
import type { Cancels } from './jobs/cancels.ts';
import type { Jobs } from './jobs/jobs.ts';
import type { ListView } from './jobs/list-view.ts';
import type { EndNotifications } from './live/end-notifications.ts';
import type { Toasts } from './shell/toasts.ts';
import type { Preparation } from './upload/preparation.ts';
import type { Uploads } from './upload/uploads.ts';

/** Everything that pages share. */
export interface AppState {
  gateway: Gateway;
  access: Access;
  jobs: Jobs;
  uploads: Uploads;
  toasts: Toasts;
  listView: ListView;
  preparation: Preparation;
  endNotifications: EndNotifications;
  /** The folders of the server whose files jobs may read. */
  serverFolders: Accessor<readonly Source[]>;
  /** Starts the file that is being prepared. */
  startPrepared(): Promise<void>;
  /** Downloads a file of a result. */
  download(href: string): Promise<void>;
  cancels: Cancels;
  /** Runs a job again. */
  retry(id: string): Promise<void>;
  /** Forgets the key, and all that this tab knows by it. */
  forgetKey(): void;
  /** The file of a job, if it was started in this tab. */
  fileOf(id: string): File | undefined;
  /** Goes to the start page with the file of a job and its settings: to look at it again, and start it otherwise. */
  startAgain(id: string, file: File): void;
  /** Removes a job, and offers for a while to have it back, with all that were removed just before. */
  remove(id: string): void;
  /** Removes and cancels at once what could still be had back: the page is closing. */
  finishRemovals(): void;
}

const Context = createContext<AppState>();

/** Gives the state to everything inside. */
export const AppStateProvider = Context.Provider;

/** The state of the page. */
export function useApp(): AppState {
  const state = useContext(Context);
  if (state === undefined) throw new Error('useApp() outside of AppStateProvider');
  return state;
}
