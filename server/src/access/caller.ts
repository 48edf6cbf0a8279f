import { createContextKey } from '@connectrpc/connect';

/** The sender of a request that was let in. */
export interface Caller {
  /**
   * The owner of the jobs that the caller sees and makes; undefined on a server without keys, where everybody sees all
   * and jobs belong to nobody.
   */
  readonly owner: string | undefined;
  /** The address that the request came from; behind a proxy, that of the proxy. */
  readonly address?: string | undefined;
}

/** The name under which a caller gets its share and takes its turn: its key's owner, without keys its address. */
export function sharerOf({ owner, address }: Partial<Caller>): string {
  return owner ?? address ?? '';
}

/** The caller of an RPC, in the values of its context; undefined for one that shows no key where keys are wanted. */
export const callerKey = createContextKey<Caller | undefined>(undefined, { description: 'the caller of an RPC' });

/** The connection that an RPC came by, to tell it from others; undefined where there is none. */
export const connectionKey = createContextKey<object | undefined>(undefined, {
  description: 'the connection of an RPC',
});
