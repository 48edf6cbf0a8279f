import { afterEach } from 'vitest';
import { ServerProcess } from './server-process.ts';

/**
 * A function that starts servers, which end with the test: the last one first, as it may have the folder of another.
 *
 * @param usual environment of all of them
 */
export function serverStarter(usual: Record<string, string> = {}, nodeArguments: readonly string[] = []) {
  const servers: ServerProcess[] = [];
  afterEach(async () => {
    for (const server of servers.splice(0).reverse()) await server[Symbol.asyncDispose]();
  });
  return async (environment: Record<string, string> = {}): Promise<ServerProcess> => {
    const server = await ServerProcess.start({ ...usual, ...environment }, nodeArguments);
    servers.push(server);
    return server;
  };
}
