import type { Bytes } from '../../model/units.ts';

/**
 * Walks over the task lines of a text that arrives in chunks: those that are neither blank nor begin
 * with `#`. It works on bytes, so that a chunk may end anywhere, in a character too, and so that
 * counting makes no strings. Feed it a chunk, call `next` until that says false, feed it the next.
 */
export class LineCursor {
  /** The number of the current line in the text, from 1. */
  number = 0;
  readonly #maxLineBytes: Bytes;
  /** Room for what is fed, and the part of it that is filled. */
  #room = Buffer.alloc(0);
  #bytes = this.#room;
  /** Where the line after the current one begins, and from where its end is not yet searched for. */
  #following = 0;
  #unsearched = 0;
  /** The current line, without the white space around it. */
  #start = 0;
  #end = 0;
  #tooLong = false;

  constructor(maxLineBytes: Bytes) {
    this.#maxLineBytes = maxLineBytes;
  }

  /** Takes a copy of the next bytes of the text. */
  feed(chunk: Uint8Array): void {
    // A line without its end is kept no longer than it takes to know that it is too long.
    const end = Math.min(this.#bytes.length, this.#following + this.#maxLineBytes + 1);
    const filled = this.#makeRoom(end, chunk.length);
    this.#room.set(chunk, filled);
    this.#bytes = this.#room.subarray(0, filled + chunk.length);
    this.#unsearched = filled;
  }

  /** Ends the text: its last line may lack a line end. */
  finish(): void {
    this.feed(Buffer.from('\n'));
  }

  /** Moves to the next task line; false when the bytes fed so far hold no further whole line. */
  next(): boolean {
    for (;;) {
      const lineEnd = this.#bytes.indexOf(0x0a, this.#unsearched);
      if (lineEnd === -1) {
        return false;
      }
      this.#select(this.#following, lineEnd);
      this.#following = this.#unsearched = lineEnd + 1;
      if (this.#isTask()) {
        return true;
      }
    }
  }

  /** The current line is longer than the longest that is taken. */
  get tooLong(): boolean {
    return this.#tooLong;
  }

  /**
   * The current line as text; at most its first `limit` bytes. A string of its own: a slice of the
   * chunk's text would keep the whole chunk in memory for as long as one task of it waits.
   */
  text(limit = this.#maxLineBytes): string {
    return this.#bytes.toString('utf8', this.#start, Math.min(this.#end, this.#start + limit));
  }

  /**
   * Sees to it that `length` bytes have room after `end`, and gives where that now is. What has been
   * walked over makes way; room that is too small is doubled, so that a long line, which comes in many
   * chunks, is not moved for each of them.
   */
  #makeRoom(end: number, length: number): number {
    if (end + length <= this.#room.length) {
      return end;
    }
    const rest = this.#bytes.subarray(this.#following, end);
    const wanted = 2 * (rest.length + length);
    if (wanted > this.#room.length) {
      this.#room = Buffer.allocUnsafeSlow(wanted);
    }
    this.#room.set(rest, 0);
    this.#following = 0;
    return rest.length;
  }

  #select(lineStart: number, lineEnd: number): void {
    this.number++;
    this.#tooLong = lineEnd - lineStart > this.#maxLineBytes;
    let start = lineStart;
    let end = Math.min(lineEnd, lineStart + this.#maxLineBytes);
    if (this.number === 1 && startsWithByteOrderMark(this.#bytes)) {
      start += 3;
    }
    while (start < end && isBlank(this.#bytes[start]!)) {
      start++;
    }
    while (start < end && isBlank(this.#bytes[end - 1]!)) {
      end--;
    }
    this.#start = start;
    this.#end = end;
  }

  /** A line that is too long and begins with nothing but white space cannot be told to be blank. */
  #isTask(): boolean {
    return this.#start === this.#end ? this.#tooLong : this.#bytes[this.#start] !== hash;
  }
}

const hash = 0x23;

/** Space, tab, carriage return, vertical tab, form feed. */
function isBlank(byte: number): boolean {
  return byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);
}

function startsWithByteOrderMark(bytes: Uint8Array): boolean {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
}
