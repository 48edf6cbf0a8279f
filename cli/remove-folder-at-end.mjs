/**
 * Preloaded into the processor that the command starts: removes the folder of its socket when it ends. The command itself
 * cannot do that any more when it was killed.
 */
import { rmSync } from 'node:fs';

const { SOCKET_FOLDER } = process.env;
if (SOCKET_FOLDER) process.on('exit', () => rmSync(SOCKET_FOLDER, { recursive: true, force: true }));
