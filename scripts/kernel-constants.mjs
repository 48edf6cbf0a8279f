/**
 * Writes `gen/kernel-constants.ts`: the numbers of `kernel/assembly/` that its host needs as well, from the compiled
 * kernel itself. They are the immutable globals that it exports.
 */
import { readFileSync, writeFileSync } from 'node:fs';

const ROOT = new URL('../', import.meta.url);

const module = new WebAssembly.Module(readFileSync(new URL('gen/kernel.wasm', ROOT)));
const { exports } = new WebAssembly.Instance(module, {
  env: { memory: new WebAssembly.Memory({ initial: 1 }) },
  host: { report() {}, fetchUnit() {} },
});
const lines = Object.entries(exports)
  .filter(([, value]) => value instanceof WebAssembly.Global && isConstant(value))
  .map(([name, { value }]) => `export const ${name} = ${value};`)
  .sort();
writeFileSync(
  new URL('gen/kernel-constants.ts', ROOT),
  `// Written by scripts/kernel-constants.mjs: the numbers of kernel/assembly/constants.ts.\n${lines.join('\n')}\n`,
);

/** Whether a global refuses to be set. */
function isConstant(global) {
  const { value } = global;
  try {
    global.value = value;
    return false;
  } catch {
    return true;
  }
}
