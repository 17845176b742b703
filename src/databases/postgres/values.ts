import { types } from 'pg';
import { parse as parseArray } from 'postgres-array';
import { parseExactJson } from '../../model/json/exact-json.ts';
import { toIsoTime } from './times.ts';

/** Makes a value of what the server writes. Never throws: what it cannot read stays text. */
type Reader = (text: string) => unknown;

const { builtins } = types;

/** Those of JSON; all others stay text, as the server writes it. */
const readers: ReadonlyMap<number, Reader> = new Map<number, Reader>([
  [builtins.BOOL, (text) => text === 't'],
  [builtins.INT2, Number],
  [builtins.INT4, Number],
  [builtins.OID, Number],
  [builtins.INT8, exact],
  [builtins.NUMERIC, exact],
  [builtins.FLOAT4, double],
  [builtins.FLOAT8, double],
  [builtins.JSON, exact],
  [builtins.JSONB, exact],
  [builtins.TIMESTAMP, toIsoTime],
  [builtins.TIMESTAMPTZ, toIsoTime],
  [builtins.BYTEA, toBase64],
]);

/** The types of arrays by that of their elements: bool[], int4[], uuid[] … Their numbers never change. */
const arrays: ReadonlyMap<number, number> = new Map([
  [1000, builtins.BOOL],
  [1001, builtins.BYTEA],
  [1005, builtins.INT2],
  [1007, builtins.INT4],
  [1016, builtins.INT8],
  [1028, builtins.OID],
  [1231, builtins.NUMERIC],
  [1021, builtins.FLOAT4],
  [1022, builtins.FLOAT8],
  [199, builtins.JSON],
  [3807, builtins.JSONB],
  [1115, builtins.TIMESTAMP],
  [1185, builtins.TIMESTAMPTZ],
  [1182, builtins.DATE],
  [1183, builtins.TIME],
  [1270, builtins.TIMETZ],
  [1187, builtins.INTERVAL],
  [1002, builtins.CHAR],
  [1009, builtins.TEXT],
  [1014, builtins.BPCHAR],
  [1015, builtins.VARCHAR],
  [1003, 19], // name
  [2951, builtins.UUID],
  [1041, builtins.INET],
  [651, builtins.CIDR],
  [1040, builtins.MACADDR],
]);

/** For `pg`: how the values of a type are read. */
export function readerOf(type: number): Reader {
  const element = arrays.get(type);
  if (element !== undefined) {
    const reader = readers.get(element) ?? String;
    return (text) => parseArray(text, reader);
  }
  return readers.get(type) ?? String;
}

/** JSON, and numbers, with every digit. NaN and infinity are not JSON, nor may a value nest too deep. */
function exact(text: string): unknown {
  try {
    return parseExactJson(text);
  } catch {
    return text;
  }
}

function double(text: string): unknown {
  const value = Number(text);
  return Number.isFinite(value) ? value : text;
}

/** `\xDEADBEEF`. */
function toBase64(text: string): string {
  return Buffer.from(text.slice(2), 'hex').toString('base64');
}
