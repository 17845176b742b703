import type { Bytes } from '../model/units.ts';
import { fnv1a } from '../model/fnv1a.ts';

/**
 * Makes the JSON of a user from the id: the same at every time and place, plausible, in ASCII, and
 * `size` bytes long, unless the fields alone (about 350 bytes) are longer. `about` fills it up.
 */
export function userWriter(size: Bytes): (id: string) => string {
  const filler = sentence.repeat(Math.ceil(size / sentence.length) + 1);
  return (id) => {
    const fields = fieldsOf(id);
    return `${fields}${filler.slice(0, Math.max(0, size - fields.length - ending.length))}${ending}`;
  };
}

const ending = '"}';

const sentence =
  'Enjoys long walks through well-indexed tables, answers letters in the order of arrival, and has never lost a line. ';

const firstNames = ['Ada', 'Alan', 'Barbara', 'Dennis', 'Edsger', 'Frances', 'Grace', 'Hedy', 'Ken', 'Radia'];
const lastNames = ['Allen', 'Clarke', 'Hamilton', 'Hopper', 'Keller', 'Liskov', 'Perlman', 'Shaw', 'Wing'];
const cities = [
  'Aarhus',
  'Bergen',
  'Cardiff',
  'Graz',
  'Lisbon',
  'Lyon',
  'Osaka',
  'Quito',
  'Tartu',
  'Utrecht',
];
const companies = ['Acorn Works', 'Blue Heron', 'Copper Kettle', 'Driftwood', 'Elm and Sons', 'Ferry Lane'];

/** The JSON up to and including the opening quote of `about`. The names need no escaping. */
function fieldsOf(id: string): string {
  const hash = fnv1a(id);
  const first = pick(firstNames, hash);
  const last = pick(lastNames, hash >>> 4);
  const login = `${first}.${last}.${id}`.toLowerCase();
  const phone = `+1-555-${String(hash % 10_000).padStart(4, '0')}`;
  const born = `${1950 + (hash % 50)}-${twoDigits(1 + (hash % 12))}-${twoDigits(1 + (hash % 28))}`;
  return (
    `{"id":${id},"name":"${first} ${last}","username":"${login}","email":"${login}@example.com",` +
    `"phone":"${phone}","born":"${born}","active":${hash % 8 !== 0},` +
    `"address":{"street":"${1 + (hash % 200)} Main Street","city":"${pick(cities, hash >>> 8)}",` +
    `"zip":"${String(hash % 100_000).padStart(5, '0')}"},` +
    `"company":{"name":"${pick(companies, hash >>> 12)}"},"website":"https://${login}.example.com",` +
    `"tags":["user","${hash % 2 === 0 ? 'even' : 'odd'}"],"about":"`
  );
}

function pick(names: readonly string[], hash: number): string {
  return names[hash % names.length]!;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
