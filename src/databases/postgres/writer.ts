import type { Bytes } from '../../model/units.ts';
import { RefusedError } from '../errors.ts';

/** The size of a buffer, unless something needs a larger one. */
const usualSize: Bytes = 64 * 1024;

/** Shorter texts are written by a loop, which costs less than a call out of JavaScript. */
const shortText = 24;

const doubles = new Float64Array(1);
const doubleBytes = new Uint8Array(doubles.buffer);

/** Values one after the other, big-endian, without a check of room for each: `hasRoom` once for several. */
export class Writer {
  #buffer = Buffer.allocUnsafe(usualSize);
  #end = 0;

  hasRoom(size: Bytes): boolean {
    return this.#end + size <= this.#buffer.length;
  }

  /** What was written; what follows goes into another buffer. */
  take(): Buffer {
    const taken = this.#buffer.subarray(0, this.#end);
    this.#buffer = Buffer.alloc(0);
    this.#end = 0;
    return taken;
  }

  makeRoom(size: Bytes): void {
    this.#buffer = Buffer.allocUnsafe(Math.max(usualSize, size));
  }

  bytes(bytes: Uint8Array): void {
    this.#buffer.set(bytes, this.#end);
    this.#end += bytes.length;
  }

  int8(value: number): void {
    this.#buffer[this.#end++] = value;
  }

  int16(value: number): void {
    this.int8(value >> 8);
    this.int8(value);
  }

  int32(value: number): void {
    const buffer = this.#buffer;
    const end = this.#end;
    buffer[end] = value >> 24;
    buffer[end + 1] = value >> 16;
    buffer[end + 2] = value >> 8;
    buffer[end + 3] = value;
    this.#end = end + 4;
  }

  double(value: number): void {
    doubles[0] = value;
    for (let at = 7; at >= 0; at--) {
      this.int8(doubleBytes[at]!);
    }
  }

  /** A text in UTF-8 after its length, with one byte before it if need be. Throws a `RefusedError`. */
  text(text: string, prefix?: number): void {
    const start = this.#end;
    this.#end += 4;
    if (prefix !== undefined) {
      this.int8(prefix);
    }
    const end = this.#shortAscii(text) ?? this.#end + this.#buffer.write(checked(text), this.#end);
    this.#end = start;
    this.int32(end - start - 4);
    this.#end = end;
  }

  /** Where it ends; undefined: it is longer, or has other characters. */
  #shortAscii(text: string): number | undefined {
    if (text.length > shortText) {
      return undefined;
    }
    const buffer = this.#buffer;
    let end = this.#end;
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code > 0x7f) {
        return undefined;
      }
      buffer[end++] = code;
    }
    return end;
  }
}

function checked(text: string): string {
  if (!text.isWellFormed()) {
    throw new RefusedError('half a surrogate pair is no text');
  }
  return text;
}
