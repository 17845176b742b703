/** A `Content-Type`, as far as it says how to read a body. */
export interface MediaType {
  /** What the body is best shown as; `unknown` when there is no type. */
  readonly form: 'json' | 'text' | 'bytes' | 'unknown';
  /** In lower case. */
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

const jsonTypes = /^(?:application|text)\/json$|\+json$/;

/** Text beside `text/*`; JSON Lines are many JSON texts, so they are text. */
const textTypes =
  /^text\/|\+(?:xml|yaml)$|^application\/(?:xml|(?:x-)?javascript|ecmascript|x-www-form-urlencoded|(?:x-)?ndjson|jsonl|x-jsonlines|json-seq|(?:x-)?yaml|toml|sql|graphql|x-sh)$/;

function parse(field: string): MediaType {
  const essence = /^[^;,]*/.exec(field)?.[0].trim().toLowerCase() ?? '';
  const match = /;[ \t]*charset=(?:"([^"]*)"|([^\s;,]*))/i.exec(field);
  const charset = (match?.[1] ?? match?.[2])?.trim().toLowerCase();
  return { form: formOf(essence), charset: charset === '' ? undefined : charset };
}

function formOf(essence: string): MediaType['form'] {
  if (essence === '') {
    return 'unknown';
  }
  if (jsonTypes.test(essence)) {
    return 'json';
  }
  return textTypes.test(essence) ? 'text' : 'bytes';
}
