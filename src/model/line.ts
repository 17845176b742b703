import { base64, type Content } from './body/value.ts';
import { lineHeaders, tenths, type FetchRecord, type Timing } from './record.ts';

/** Makes the output line of a record, final newline included. */
export type LineOf = (record: FetchRecord) => string;

/**
 * A record as one line of JSON Lines, final newline included. Fields that are undefined are absent;
 * of the header fields only `lineHeaders` stand there; times are milliseconds, rounded to 0.1.
 * A JSON body stands there byte for byte, so that numbers keep every digit: its text must be valid
 * JSON without raw newlines.
 */
export function recordLine(record: FetchRecord): string {
  const headers = keptHeaders(record);
  return lineWith(record, headers === undefined ? '' : `,"headers":${headers}`, record.content);
}

/** The same with every header field of the response. */
export function recordLineWithHeaders(record: FetchRecord): string {
  const { headers } = record;
  return lineWith(
    record,
    headers === undefined ? '' : `,"headers":${JSON.stringify(headers)}`,
    record.content,
  );
}

/** That again, without the body: what a transform is told of a record beside it. */
export function bodylessLine(record: FetchRecord): string {
  const { headers } = record;
  return lineWith(record, headers === undefined ? '' : `,"headers":${JSON.stringify(headers)}`, undefined);
}

function lineWith(record: FetchRecord, headers: string, content: Content | undefined): string {
  const { finalUrl, page, next, status, httpVersion, bytes, file, error, meta, transformed } = record;
  if (transformed?.isDropped === true) {
    return droppedLine(record);
  }
  let line = `{"index":${record.index},"id":${JSON.stringify(record.id)},"url":${JSON.stringify(record.url)}`;
  if (finalUrl !== undefined) {
    line += `,"finalUrl":${JSON.stringify(finalUrl)}`;
  }
  if (page !== undefined) {
    line += next === undefined ? `,"page":${page}` : `,"page":${page},"next":${JSON.stringify(next)}`;
  }
  line += record.ok ? ',"ok":true' : ',"ok":false';
  if (status !== undefined) {
    line += `,"status":${status}`;
  }
  if (httpVersion !== undefined) {
    line += `,"httpVersion":"${httpVersion}"`;
  }
  line += `,"attempts":${record.attempts}${headers}`;
  if (bytes !== undefined) {
    line += `,"bytes":${bytes}`;
  }
  if (content !== undefined) {
    line += `,"body":${bodyJson(content)}${content.form === 'base64' ? ',"bodyEncoding":"base64"' : ''}`;
  }
  if (file !== undefined) {
    line += `,"file":${JSON.stringify(file)}`;
  }
  if (transformed?.result !== undefined) {
    line += `,"result":${transformed.result}`;
  }
  if (error !== undefined) {
    line += `,"error":{"kind":"${error.kind}","code":"${error.code}","message":${JSON.stringify(error.message)}}`;
  }
  line += `,"timing":${timingOf(record.timing)},"startedAt":"${isoTime(record.startedAt)}"`;
  const extra = transformed?.extra;
  return `${line}${meta === undefined ? '' : metaOf(meta)}${extra === undefined ? '' : `,${extra}`}}\n`;
}

/** What a resumed run has to know: that it is done, and where the next page is. */
function droppedLine({ index, id, page, next }: FetchRecord): string {
  let line = `{"index":${index},"id":${JSON.stringify(id)}`;
  if (page !== undefined) {
    line += next === undefined ? `,"page":${page}` : `,"page":${page},"next":${JSON.stringify(next)}`;
  }
  return `${line},"ok":true,"dropped":true}\n`;
}

/** The header fields that the line keeps, as JSON; undefined when there are none. */
export function keptHeaders({ headers, transformed }: FetchRecord): string | undefined {
  if (headers === undefined) {
    return undefined;
  }
  if (transformed?.hasHeaders === true) {
    return JSON.stringify(headers);
  }
  let pairs = '';
  for (let at = 0; at < lineHeaders.length; at++) {
    const value = headers[lineHeaders[at]!];
    if (value !== undefined) {
      pairs += pairs === '' ? pairOf(at, value) : `,${pairOf(at, value)}`;
    }
  }
  return pairs === '' ? undefined : `{${pairs}}`;
}

/** The last pair made for each header field: most answers of a run have the same content type. */
const lastPairs = lineHeaders.map((name) => ({ name, value: '', pair: `"${name}":""` }));

function pairOf(at: number, value: string | readonly string[]): string {
  const last = lastPairs[at]!;
  if (typeof value !== 'string') {
    return `"${last.name}":${JSON.stringify(value)}`;
  }
  if (last.value !== value) {
    last.value = value;
    last.pair = `"${last.name}":${JSON.stringify(value)}`;
  }
  return last.pair;
}

/** A body as JSON: a JSON text as it came, other text as a JSON string, bytes as one in base64. */
export function bodyJson(content: Content): string {
  switch (content.form) {
    case 'json':
      return content.text;
    case 'text':
      return JSON.stringify(content.text);
    case 'base64':
      return `"${base64(content.bytes)}"`;
    default:
      return content satisfies never;
  }
}

function timingOf(timing: Readonly<Timing>): string {
  const { dns, connect, tls, firstByte, download, earlier } = timing;
  let text = `{"queue":${decimal(timing.queue)}`;
  if (dns !== undefined) {
    text += `,"dns":${decimal(dns)}`;
  }
  if (connect !== undefined) {
    text += `,"connect":${decimal(connect)}`;
  }
  if (tls !== undefined) {
    text += `,"tls":${decimal(tls)}`;
  }
  if (firstByte !== undefined) {
    text += `,"firstByte":${decimal(firstByte)}`;
  }
  if (download !== undefined) {
    text += `,"download":${decimal(download)}`;
  }
  if (earlier !== undefined) {
    text += `,"earlier":${decimal(earlier)}`;
  }
  return `${text},"total":${decimal(timing.total)}}`;
}

/** Milliseconds with at most one decimal: two integers are formatted faster than one fraction. */
function decimal(ms: number): string {
  const value = tenths(ms);
  const rest = value % 10;
  const whole = (value - rest) / 10;
  return rest === 0 ? String(whole) : `${whole}.${rest}`;
}

/** The second of the last call, and its ISO 8601 form up to the point: they come in order. */
let second = Number.NaN;
let secondText = '';

/** ISO 8601 with milliseconds, as `toISOString` gives it. */
export function isoTime(epochMs: number): string {
  const start = Math.floor(epochMs / 1000) * 1000;
  const ms = Math.floor(epochMs) - start;
  if (start !== second) {
    second = start;
    secondText = new Date(start).toISOString().slice(0, -4);
  }
  return `${secondText}${ms < 10 ? '00' : ms < 100 ? '0' : ''}${ms}Z`;
}

/** Absent when it is something that JSON has no form for, such as a function. */
function metaOf(meta: unknown): string {
  const text: string | undefined = JSON.stringify(meta);
  return text === undefined ? '' : `,"meta":${text}`;
}
