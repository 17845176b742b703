import * as fc from 'fast-check';

type Mutation = (text: string) => string;

const telling = [
  '\r',
  '\n',
  '\r\n',
  '\t',
  ' ',
  ':',
  ';',
  ',',
  '=',
  '"',
  '-',
  '+',
  '\0',
  '\x7f',
  '\xa0',
  '0',
  '1',
  '5',
  'f',
  'x',
];
const byte = fc.oneof(
  fc.constantFrom(...telling),
  fc.nat(255).map((code) => String.fromCharCode(code)),
);
/** Near the beginning, anywhere, or, when negative, near the end, where the chunks are. */
const place = fc.oneof(fc.nat(60), fc.nat(400), fc.integer({ min: -60, max: -1 }));

const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.tuple(place, byte).map(([at, by]) => splice(at, 1, by)),
  fc.tuple(place, byte).map(([at, by]) => splice(at, 0, by)),
  fc.tuple(place, fc.integer({ min: 1, max: 3 })).map(([at, count]) => splice(at, count, '')),
  place.map(
    (at): Mutation =>
      (text) =>
        text.slice(0, at < 0 ? at : at % (text.length + 1)),
  ),
  fc.tuple(fc.nat(10), fc.nat(10)).map(([from, to]) => copyLine(from, to)),
  fc.constant<Mutation>((text) => text.replace(/^HTTP\/1\.[01]/, 'HTTP/1.0')),
  fc
    .constantFrom(
      'Content-Length: 5',
      'Transfer-Encoding: chunked',
      'Connection: close',
      ' folded',
      'Proxy-Connection: close',
    )
    .chain((line) => fc.nat(10).map((at) => insertLine(at, line))),
);

/** One to three things that go wrong with the bytes of a message. */
export const mutations: fc.Arbitrary<Mutation> = fc
  .array(mutation, { minLength: 1, maxLength: 3 })
  .map((all) => (text) => all.reduce((sofar, one) => one(sofar), text));

function splice(at: number, count: number, by: string): Mutation {
  return (text) => {
    const from = at < 0 ? Math.max(0, text.length + at) : at % (text.length + 1);
    return text.slice(0, from) + by + text.slice(from + count);
  };
}

function copyLine(from: number, to: number): Mutation {
  return (text) => {
    const lines = text.split('\r\n');
    return insertLine(to, lines[from % lines.length]!)(text);
  };
}

function insertLine(at: number, line: string): Mutation {
  return (text) => {
    const lines = text.split('\r\n');
    return lines.toSpliced(at % (lines.length + 1), 0, line).join('\r\n');
  };
}
