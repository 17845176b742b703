/** Takes bytes in amounts of its own from chunks that come as they like. What it gives is a copy. */
export class ByteReader {
  readonly #chunks: AsyncIterator<Uint8Array, unknown>;
  /** What has come and not been taken. */
  #rest: Buffer = Buffer.alloc(0);

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** So many bytes, which stay there; fewer only at the end. */
  async peek(count: number): Promise<Buffer> {
    while (this.#rest.length < count) {
      const next = await this.#chunks.next();
      if (next.done === true) {
        break;
      }
      this.#rest = Buffer.concat([this.#rest, next.value]);
    }
    return this.#rest.subarray(0, count);
  }

  /** So many bytes; fewer only at the end. */
  async exactly(count: number): Promise<Buffer> {
    const bytes = await this.peek(count);
    this.#rest = this.#rest.subarray(bytes.length);
    return bytes;
  }

  /** So many bytes, as they come; fewer only at the end. */
  async *through(count: number): AsyncGenerator<Buffer, void, undefined> {
    for (let left = count; left > 0;) {
      const there = (await this.peek(1)).length === 0 ? 0 : Math.min(left, this.#rest.length);
      if (there === 0) {
        return;
      }
      yield await this.exactly(there);
      left -= there;
    }
  }

  /** No more is wanted. */
  async close(): Promise<void> {
    await this.#chunks.return?.();
  }
}
