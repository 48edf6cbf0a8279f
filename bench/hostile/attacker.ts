/**
 * Attacks a server until its parent is gone: `node bench/hostile/attacker.ts URL JOB_ID attacks|floods`, a process of its
 * own.
 */
import { ATTACKS, FLOODS } from './attacks.ts';

/** Attacks that go on at the same time. */
const AT_ONCE = 3;

const [url = '', largeJobId = '', kind = ''] = process.argv.slice(2);
const attacks = kind === 'floods' ? FLOODS : ATTACKS;
const names = Object.keys(attacks);
const counts: Record<string, number> = {};
// Errors are expected: the attacks try out the server, which may end any connection.
process.on('uncaughtException', () => {});
process.on('disconnect', () => process.exit(0));
process.on('message', () => process.send?.(counts));
process.stdout.write(`attacking ${url}\n`);

let next = 0;
async function attack(): Promise<never> {
  while (true) {
    const name = names[next++ % names.length]!;
    await attacks[name]!({ url, largeJobId }).catch(() => {});
    counts[name] = (counts[name] ?? 0) + 1;
  }
}
for (let count = 0; count < AT_ONCE; count++) void attack();
