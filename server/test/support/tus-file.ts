/** The server for a client of an upload by tus, which asks where it is. */
export interface TusTarget {
  /** The server's URL at this moment; waits while it is down. */
  url(): Promise<string>;
}

const TUS = { 'tus-resumable': '1.0.0' };

/** A file on its way by tus, over servers that come and go. */
export class TusFile {
  readonly id: string;
  readonly bytes: Buffer;
  readonly #target: TusTarget;
  #offset = 0;

  constructor(id: string, bytes: Buffer, target: TusTarget) {
    this.id = id;
    this.bytes = bytes;
    this.#target = target;
  }

  get isWhole(): boolean {
    return this.#offset === this.bytes.length;
  }

  /** Sends the next piece, asking first where the file stands if that is not known any more. */
  async send(length: number): Promise<void> {
    const url = `${await this.#target.url()}/uploads/${this.id}`;
    try {
      if (this.#offset < 0) this.#offset = await this.#ask(url);
      if (this.isWhole) return;
      const body = this.bytes.subarray(this.#offset, this.#offset + length);
      const headers = {
        ...TUS,
        'upload-offset': String(this.#offset),
        'content-type': 'application/offset+octet-stream',
      };
      const response = await fetch(url, { method: 'PATCH', headers, body: new Uint8Array(body) });
      this.#offset = response.status === 204 ? Number(response.headers.get('upload-offset')) : -1;
    } catch {
      this.#offset = -1;
    }
  }

  async #ask(url: string): Promise<number> {
    const response = await fetch(url, { method: 'HEAD', headers: TUS });
    return response.status === 200 ? Number(response.headers.get('upload-offset')) : -1;
  }
}
