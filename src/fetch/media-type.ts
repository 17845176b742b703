/** A `Content-Type`, as far as it says how to read a body. In lower case. */
export interface MediaType {
  /** `application/json`; empty when there is none. */
  readonly essence: string;
  readonly charset: string | undefined;
}

/** Most answers of a run have the type of the one before. */
let last: { readonly field: string; readonly type: MediaType } | undefined;

/** Takes a `Content-Type` field apart (RFC 9110, 8.3.1). */
export function mediaType(field = ''): MediaType {
  if (last?.field !== field) {
    last = { field, type: parse(field) };
  }
  return last.type;
}

/** How the body of a media type is best shown; `unknown` when there is none. */
export function formOf(essence: string): 'json' | 'text' | 'bytes' | 'unknown' {
  if (essence === '') {
    return 'unknown';
  }
  if (jsonTypes.test(essence)) {
    return 'json';
  }
  return textTypes.test(essence) ? 'text' : 'bytes';
}

const jsonTypes = /^(?:application|text)\/json$|\+json$/;

/** Text beside `text/*`; JSON Lines are many JSON texts, so they are text. */
const textTypes =
  /^text\/|\+(?:xml|yaml)$|^application\/(?:xml|(?:x-)?javascript|ecmascript|x-www-form-urlencoded|(?:x-)?ndjson|jsonl|x-jsonlines|json-seq|(?:x-)?yaml|toml|sql|graphql|x-sh)$/;

function parse(field: string): MediaType {
  const essence = /^[^;,]*/.exec(field)?.[0].trim().toLowerCase() ?? '';
  const match = /;[ \t]*charset=(?:"([^"]*)"|([^\s;,]*))/i.exec(field);
  const charset = (match?.[1] ?? match?.[2])?.trim().toLowerCase();
  return { essence, charset: charset === '' ? undefined : charset };
}
