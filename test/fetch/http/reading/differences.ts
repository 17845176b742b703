/** An answer that we take and llhttp does not, or not for the same. */
export interface Laxer {
  readonly why: string;
  readonly method: 'GET' | 'HEAD';
  readonly example: string;
  /** The same answer as llhttp asks for it. */
  readonly asStrict: (text: string, method: string) => string;
}

/** An answer that llhttp takes and we do not. */
export interface Stricter {
  readonly why: string;
  readonly example: string;
  readonly refused: string;
  /** Whether that is what is wrong with the answer, where the reason that we give is not enough. */
  readonly is?: (text: string) => boolean;
}

const ok = 'HTTP/1.1 200 OK\r\n';
const five = 'Content-Length: 5\r\n\r\nhello';
const chunked = `${ok}Transfer-Encoding: chunked\r\n\r\n`;
const hello = '5\r\nhello\r\n0\r\n\r\n';

/** In the order in which one has to be put right for the next. */
export const laxer: readonly Laxer[] = [
  {
    why: 'interim answers are skipped, whatever they say (RFC 9110, 15.2)',
    method: 'GET',
    example: `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.0 103 Early Hints\r\nContent-Length: x\r\n\r\n${ok}${five}`,
    asStrict: (text) => text.replace(/^(?:HTTP\/1\.[01] 1[^]*?\r\n\r\n)+/, ''),
  },
  {
    why: 'a field may be folded (RFC 9112, 5.2)',
    method: 'GET',
    example: `${ok}X-A:\r\n\tb \r\n \r\n c\r\n${five}`,
    asStrict: (text) => inHead(text, (head) => head.replaceAll(/(?:[\t ]*\r\n[\t ]+)+/g, ' ')),
  },
  {
    why: 'white space after a value is not of the value (RFC 9110, 5.5)',
    method: 'GET',
    example: `${ok}Content-Length: 5 \r\n\r\nhello`,
    asStrict: (text) => inHead(text, (head) => head.replaceAll(/[\t ]+(?=\r\n|$)/g, '')),
  },
  {
    why: 'Proxy-Connection is no field of HTTP (RFC 9112, C.2.2)',
    method: 'GET',
    example: `${ok}Proxy-Connection: close\r\n${five}`,
    asStrict: (text) => withoutFields(text, /^Proxy-Connection:/i),
  },
  {
    why: 'no field makes a body for HEAD, 204 or 304 (RFC 9112, 6.3, rule 1)',
    method: 'HEAD',
    example: `${ok}Content-Length: 5, 5\r\nTransfer-Encoding: chunked\r\n\r\n`,
    asStrict: (text, method) =>
      method === 'HEAD' || /^HTTP\/1\.[01] (?:204|304)/.test(text)
        ? withoutFields(text, /^(?:Content-Length|Transfer-Encoding):/i).replace(
            '\r\n',
            '\r\nContent-Length: 0\r\n',
          )
        : text,
  },
  {
    why: 'white space in a line of a chunk size is bad, but to be taken (RFC 9112, 7.1.1)',
    method: 'GET',
    example: `${chunked}5 ; a =\t"b" \r\nhello\r\n0  \r\n\r\n`,
    asStrict: (text) =>
      inChunks(
        text,
        (size) => size.replaceAll(/("(?:\\.|[^"\\])*")|[\t ]+/g, '$1'),
        (trailer) => trailer,
      ),
  },
  {
    why: 'a trailer frames nothing (RFC 9112, 7.1.2; RFC 9110, 6.5.1)',
    method: 'GET',
    example: `${chunked}${hello.slice(0, -2)}Content-Length: 5\r\n\r\n`,
    asStrict: (text) =>
      inChunks(
        text,
        (size) => size,
        (trailer) =>
          trailer.replaceAll(
            /^(?:Content-Length|Transfer-Encoding|(?:Proxy-)?Connection):[^\r\n]*\r\n/gim,
            '',
          ),
      ),
  },
];

export const stricter: readonly Stricter[] = [
  {
    why: 'another version than HTTP/1.0 and HTTP/1.1 was not asked for (RFC 9110, 2.5)',
    example: `HTTP/2.0 200 OK\r\n${five}`,
    refused: 'the status line is malformed',
    is: (text) => /^HTTP\/(?:0\.9|2\.0) /.test(lastHead(text)),
  },
  {
    why: 'a reason has no control characters, a CR least of all (RFC 9112, 2.2 and 4)',
    example: `HTTP/1.1 200 O\0K\r\r${five}`,
    refused: 'the status line is malformed',
    is: (text) => /^HTTP\/1\.[01] \d{3}(?: [^\r\n]*)?\r/.test(lastHead(text)),
  },
  {
    why: 'a lone CR ends no line (RFC 9112, 2.2)',
    example: 'HTTP/1.1 204 No Content\r\r\r\n',
    refused: 'cut off',
    is: (text) => /^HTTP\/1\.[01] \d{3}(?: [^\r\n]*)?\r(?!\n)/.test(lastHead(text)),
  },
  {
    why: 'an empty line before a message is for requests (RFC 9112, 2.2)',
    example: `\r\n${ok}${five}`,
    refused: 'the status line is malformed',
    is: (text) => /^[\r\n]/.test(lastHead(text)),
  },
  {
    why: 'no other coding was asked for, nor one twice (RFC 9112, 6.1 and 7.4)',
    example: `${ok}Transfer-Encoding: gzip, chunked\r\n\r\n${hello}`,
    refused: 'the Transfer-Encoding is unknown',
  },
  {
    why: 'a Transfer-Encoding is a fault in HTTP/1.0 (RFC 9112, 6.1)',
    example: `${chunked.replace('1.1', '1.0')}${hello}`,
    refused: 'HTTP/1.0 has no Transfer-Encoding',
  },
  {
    why: 'a length of more than 15 digits is beyond what can be read (RFC 9112, 6.3: as for any limit)',
    example: `${ok}Content-Length: ${'5'.padStart(16, '0')}\r\n\r\nhello`,
    refused: 'the Content-Length is malformed',
    is: (text) => /\r\nContent-Length: *\d{16}/i.test(text),
  },
  {
    why: 'a chunk size of more than 12 digits is beyond what can be read (RFC 9112, 7.1)',
    example: `${chunked}${'0'.repeat(12)}${hello}`,
    refused: 'a chunk size is malformed',
    is: (text) => /\r\n[0-9a-f]{13}/i.test(text),
  },
  {
    why: 'a chunk extension has a name, and a value where it has = (RFC 9112, 7.1.1)',
    example: `${chunked}5;a=${hello.slice(1)}`,
    refused: 'a chunk size is malformed',
    is: (text) => /\r\n[0-9a-f]+;/i.test(text),
  },
];

/** The text from its first line that can be a status line. */
function lastHead(text: string): string {
  return text.replace(/^(?:HTTP\/1\.[01] 1[^]*?\r\n\r\n)+/, '');
}

function inHead(text: string, change: (head: string) => string): string {
  const end = text.indexOf('\r\n\r\n');
  return end === -1 ? text : change(text.slice(0, end)) + text.slice(end);
}

function withoutFields(text: string, name: RegExp): string {
  return inHead(text, (head) =>
    head
      .split('\r\n')
      .filter((line) => !name.test(line))
      .join('\r\n'),
  );
}

/** Changes the lines of the chunk sizes and the trailer of a chunked answer. */
function inChunks(text: string, size: (line: string) => string, trailer: (lines: string) => string): string {
  const bodyAt = text.indexOf('\r\n\r\n') + 4;
  if (!/\r\nTransfer-Encoding: *chunked/i.test(text.slice(0, bodyAt))) {
    return text;
  }
  let changed = text.slice(0, bodyAt);
  for (let at = bodyAt; at < text.length;) {
    const end = text.indexOf('\r\n', at) + 2;
    const length = Number.parseInt(text.slice(at, end), 16);
    changed += size(text.slice(at, end - 2)) + '\r\n';
    if (length === 0) {
      return changed + trailer(text.slice(end));
    }
    at = end + length + 2;
    changed += text.slice(end, at);
  }
  return changed;
}
