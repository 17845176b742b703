import fc from 'fast-check';

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
const tokenCharacters = [..."!#$%&'*+-.^_`|~", ...upTo(0x30, 0x39), ...upTo(0x41, 0x5a), ...upTo(0x61, 0x7a)];
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
const body = fc.string({ unit: fc.constantFrom(...upTo(0, 0xff), '\r\n', '0\r\n\r\n'), maxLength: 40 });
const interim = fc
  .tuple(fc.constantFrom(102, 103, 199), fc.array(field, { maxLength: 2 }))
  .map(([status, fields]) => headOf(1, status, 'Wait', fields));
const chunkExtension = fc.constantFrom('', '', ';a', ';a=b', ';a="b;c\\"";d');

/** Any valid answer: all framings, all statuses that matter to them, interim answers before it. */
export const validAnswer: fc.Arbitrary<ValidAnswer> = fc
  .record({
    method: fc.constantFrom('GET', 'GET', 'GET', 'HEAD'),
    minor: fc.constantFrom(1, 1, 1, 0),
    status: fc.constantFrom(200, 200, 201, 204, 299, 304, 404, 503, 999),
    reason: text,
    fields: fc.array(field, { maxLength: 5 }),
    connection: fc.constantFrom(undefined, undefined, 'close', 'keep-alive', 'Keep-Alive, x', 'x ,CLOSE'),
    framing: fc.constantFrom('length', 'chunked', 'until-close'),
    body,
    cuts: fc.array(fc.nat(40), { maxLength: 4 }),
    extension: chunkExtension,
    trailers: fc.array(field, { maxLength: 2 }),
    interims: fc.oneof({ weight: 4, arbitrary: fc.constant([]) }, fc.array(interim, { maxLength: 2 })),
  })
  .map(
    ({
      method,
      minor,
      status,
      reason,
      fields,
      connection,
      framing,
      cuts,
      extension,
      trailers,
      interims,
      ...rest
    }) => {
      const isBare = method === 'HEAD' || status === 204 || status === 304;
      const content = isBare ? '' : rest.body;
      const means = minor === 0 && framing === 'chunked' ? 'until-close' : framing;
      const own: Field[] = [...fields];
      if (connection !== undefined) {
        own.push(['Connection', connection]);
      }
      // Not before a missing body: only with HEAD it says something there.
      if (means !== 'until-close' && (!isBare || method === 'HEAD')) {
        own.push(
          means === 'length'
            ? ['Content-Length', String(rest.body.length)]
            : ['Transfer-Encoding', 'Chunked'],
        );
      }
      const asks = connection?.toLowerCase();
      const isKept = minor === 1 ? asks?.includes('close') !== true : asks?.includes('keep-alive') === true;
      const hidesBody =
        (status === 204 || status === 304) && own.some(([one]) => /^(?:content-l|transfer-e)/i.test(one));
      return {
        method,
        text:
          interims.join('') +
          headOf(minor, status, reason, own) +
          (means === 'chunked' && !isBare ? chunked(content, cuts, extension, trailers) : content),
        status,
        fields: own,
        body: content,
        isReusable: isKept && (isBare || means !== 'until-close') && !hidesBody,
      };
    },
  );

function headOf(minor: number, status: number, reason: string, fields: readonly Field[]): string {
  const lines = fields.map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.${minor} ${status} ${reason}\r\n${lines.join('')}\r\n`;
}

function chunked(
  content: string,
  cuts: readonly number[],
  extension: string,
  trailers: readonly Field[],
): string {
  const pieces = cut(content, cuts).filter((piece) => piece !== '');
  const chunks = pieces.map((piece) => `${piece.length.toString(16)}${extension}\r\n${piece}\r\n`);
  return `${chunks.join('')}00${extension}\r\n${trailers.map(([name, value]) => `${name}:${value}\r\n`).join('')}\r\n`;
}

/** The text in pieces, cut at these places, which are taken modulo its length. */
export function cut(whole: string, places: readonly number[]): string[] {
  const at = places.map((place) => place % (whole.length + 1)).toSorted((a, b) => a - b);
  return [0, ...at].map((from, index) => whole.slice(from, at[index] ?? whole.length));
}
