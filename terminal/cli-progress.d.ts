/** The part of cli-progress that is used here; the package brings no types. */
declare module 'cli-progress' {
  interface BarOptions {
    format?: string;
    /** Columns of the bar itself. */
    barsize?: number;
    stream?: NodeJS.WritableStream;
    fps?: number;
    hideCursor?: boolean;
    clearOnComplete?: boolean;
  }
  export class SingleBar {
    constructor(options: BarOptions);
    start(total: number, startValue: number, payload?: object): void;
    update(value: number, payload?: object): void;
    render(): void;
    stop(): void;
  }
}
