import * as fc from 'fast-check';

/** A valid answer, and what is to be read from it. One character a byte. */
export interface ValidAnswer {
  readonly method: 'GET' | 'HEAD';
  readonly text: string;
  readonly status: number;
  readonly fields: readonly Field[];
  readonly body: string;
  readonly isReusable: boolean;
}

/** Name as sent, and value. */
export type Field = readonly [name: string, value: string];

const upTo = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, at) => String.fromCharCode(first + at));
const tokenCharacters = [
  ...upTo(0x23, 0x27),
  ...'!*+-.^_`|~'.split(''),
  ...upTo(0x30, 0x39),
  ...upTo(0x41, 0x5a),
  ...upTo(0x61, 0x7a),
];
const textCharacters = [...upTo(0x20, 0x7e), ...upTo(0x80, 0xff), '\t'];
const framingFields = /^(?:content-length|transfer-encoding|(?:proxy-)?connection|keep-alive|upgrade)$/i;

const text = fc.string({ unit: fc.constantFrom(...textCharacters), maxLength: 12 });
const value = text.map((one) => one.replaceAll(/^[\t ]+|[\t ]+$/g, ''));
const name = fc.oneof(
  fc.constantFrom('Date', 'ETAG', 'set-cookie', '__proto__', 'constructor', 'x'),
  fc
    .string({ unit: fc.constantFrom(...tokenCharacters), minLength: 1, maxLength: 10 })
    .filter((one) => !framingFields.test(one)),
);
/** Any header field that does not frame the message. */
export const field: fc.Arbitrary<Field> = fc.tuple(name, value);
const interim = fc
  .tuple(fc.constantFrom(102, 103, 199), fc.array(field, { maxLength: 2 }))
  .map(([status, fields]) => headOf(1, status, 'Wait', fields));

/** What a valid answer is made of. */
const parts = {
  method: fc.constantFrom<'GET' | 'HEAD'>('GET', 'GET', 'GET', 'HEAD'),
  minor: fc.constantFrom(1, 1, 1, 0),
  status: fc.constantFrom(200, 200, 201, 204, 299, 304, 404, 503, 999),
  reason: text,
  fields: fc.array(field, { maxLength: 5 }),
  connection: fc.constantFrom(undefined, undefined, 'close', 'keep-alive', 'Keep-Alive, x', 'x ,CLOSE'),
  framing: fc.constantFrom('length', 'chunked', 'until-close'),
  content: fc.string({ unit: fc.constantFrom(...upTo(0, 0xff), '\r\n', '0\r\n\r\n'), maxLength: 40 }),
  cuts: fc.array(fc.nat(40), { maxLength: 4 }),
  extension: fc.constantFrom('', '', ';a', ';a=b', ';a="b;c\\"";d'),
  trailers: fc.array(field, { maxLength: 2 }),
  interims: fc.oneof({ weight: 4, arbitrary: fc.constant([]) }, fc.array(interim, { maxLength: 2 })),
};

/** Any valid answer: all framings, all statuses that matter to them, interim answers before it. */
export const validAnswer: fc.Arbitrary<ValidAnswer> = fc.record(parts).map((chosen) => {
  const { method, minor, status, connection, content } = chosen;
  const mayFrame = status !== 204 && status !== 304;
  const hasBody = mayFrame && method !== 'HEAD';
  const framing = minor === 0 && chosen.framing === 'chunked' ? 'until-close' : chosen.framing;
  const fields: Field[] = [...chosen.fields];
  if (connection !== undefined) {
    fields.push(['Connection', connection]);
  }
  if (mayFrame && framing === 'length') {
    fields.push(['Content-Length', String(content.length)]);
  } else if (mayFrame && framing === 'chunked') {
    fields.push(['Transfer-Encoding', 'Chunked']);
  }
  const head = chosen.interims.join('') + headOf(minor, status, chosen.reason, fields);
  const asks = connection?.toLowerCase() ?? '';
  const isKept = minor === 1 ? !asks.includes('close') : asks.includes('keep-alive');
  return {
    method,
    text: hasBody ? head + (framing === 'chunked' ? chunked(chosen) : content) : head,
    status,
    fields,
    body: hasBody ? content : '',
    isReusable: isKept && (!hasBody || framing !== 'until-close'),
  };
});

function headOf(minor: number, status: number, reason: string, fields: readonly Field[]): string {
  const lines = fields.map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.${minor} ${status} ${reason}\r\n${lines.join('')}\r\n`;
}

interface Chunks {
  readonly content: string;
  readonly cuts: readonly number[];
  readonly extension: string;
  readonly trailers: readonly Field[];
}

function chunked({ content, cuts, extension, trailers }: Chunks): string {
  const chunks = cut(content, cuts)
    .filter((piece) => piece !== '')
    .map((piece) => `${piece.length.toString(16)}${extension}\r\n${piece}\r\n`);
  const fields = trailers.map(([name, value]) => `${name}:${value}\r\n`);
  return `${chunks.join('')}00${extension}\r\n${fields.join('')}\r\n`;
}

/** The text in pieces, cut at these places, which are taken modulo its length. */
export function cut(whole: string, places: readonly number[]): string[] {
  const at = places.map((place) => place % (whole.length + 1)).toSorted((a, b) => a - b);
  return [0, ...at].map((from, index) => whole.slice(from, at[index] ?? whole.length));
}
