/** What is used of the WebAssembly JavaScript interface, which TypeScript has among the types of browsers only. */
declare namespace WebAssembly {
  class Memory {
    /** In pages of 64 KiB. */
    constructor(descriptor: { initial: number; maximum?: number });
    readonly buffer: ArrayBuffer;
  }
  class Module {
    constructor(bytes: Uint8Array);
  }
  class Instance {
    constructor(module: Module, imports: Record<string, Record<string, unknown>>);
    readonly exports: Record<string, unknown>;
  }
  interface Global<Type extends 'i32' | 'i64'> {
    readonly value: Type extends 'i64' ? bigint : number;
  }
}
