/** Runs a command on the Node.js that the project brings, and ends this process as that ends. */
export function runOnOwnNode(command: string, args: readonly string[]): Promise<never>;
