/** The bytes of answers, right and wrong, for `send` and the other acts. Bodies are latin1. */

/** A right answer: a 200 with the body and its length. Header lines are without line end. */
export function whole(body = '', headers: readonly string[] = []): string {
  return `${head([`Content-Length: ${body.length}`, ...headers])}${body}`;
}

/** A status line and header lines, up to and including the empty line. */
export function head(headers: readonly string[], status = '200 OK'): string {
  return [`HTTP/1.1 ${status}`, ...headers, '', ''].join('\r\n');
}

/** An answer that lacks the last `missing` bytes of what its length promises. */
export function truncated(body: string, missing: number): string {
  return `${head([`Content-Length: ${body.length + missing}`])}${body}`;
}

/** An answer followed by bytes beyond its length. */
export function extraBytes(body: string, extra: string): string {
  return whole(body) + extra;
}

/** An answer whose length is no number, or not the right one. */
export function badLength(body: string, length: string): string {
  return `${head([`Content-Length: ${length}`])}${body}`;
}

/** A right answer with a header field whose value is `bytes` long. */
export function hugeHeaders(bytes: number, body = ''): string {
  return whole(body, [`X-Huge: ${'x'.repeat(bytes)}`]);
}

/** A right answer in chunks. Without the last, empty one it is torn. */
export function chunked(chunks: readonly string[], last = '0\r\n\r\n'): string {
  const parts = chunks.map((chunk) => `${chunk.length.toString(16)}\r\n${chunk}\r\n`);
  return head(['Transfer-Encoding: chunked']) + parts.join('') + last;
}

/** A right answer whose end is the end of the connection. */
export function untilClose(body: string): string {
  return `${head(['Connection: close'])}${body}`;
}
