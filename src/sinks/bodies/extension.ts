import mime from 'mime';

/** A name of a file, apart from what it ends in. */
export interface FileName {
  readonly stem: string;
  /** With its dot; may be empty. */
  readonly extension: string;
}

/**
 * The name with the extension that its content type asks for, none when the type is unknown. A name
 * that has one already keeps it. The table is the registry of IANA and what browsers add (`mime`).
 */
export function withExtension(name: string, contentType: string | readonly string[] | undefined): FileName {
  const field = typeof contentType === 'object' ? contentType[0] : contentType;
  const type = /^[^;,]*/
    .exec(field ?? '')![0]
    .trim()
    .toLowerCase();
  const wanted = type === '' ? undefined : (usual.get(type) ?? mime.getExtension(type) ?? bySuffix(type));
  const dot = name.lastIndexOf('.');
  const given = dot > 0 ? name.slice(dot + 1).toLowerCase() : '';
  if (given !== '' && (given === wanted || mime.getType(given) === type)) {
    return { stem: name.slice(0, dot), extension: name.slice(dot) };
  }
  return { stem: name, extension: wanted === undefined ? '' : `.${wanted}` };
}

/**
 * The name of what has been made of a body of the type `came`: the extension that says so is another, or none.
 * Nor does it say `.gz` any more, whatever type that had.
 */
export function withOtherExtension(
  name: string,
  came: string | readonly string[] | undefined,
  made: string,
): FileName {
  const { stem, extension } = withExtension(name, came);
  const isOfName = name !== stem && stem + extension === name;
  const bare = isOfName ? stem : name.replace(/(?<=.)\.gz$/i, '');
  return withExtension(bare, made);
}

/** Where the table is silent, or names what nobody uses. */
const usual = new Map([
  ['audio/mpeg', 'mp3'],
  ['application/jsonl', 'jsonl'],
  ['application/ndjson', 'ndjson'],
  ['application/x-ndjson', 'ndjson'],
  ['application/x-javascript', 'js'],
  ['application/yaml', 'yaml'],
  ['application/x-yaml', 'yaml'],
]);

/** `application/problem+json` is JSON (RFC 6839). */
function bySuffix(type: string): string | undefined {
  return /\+(json|xml|yaml|zip)$/.exec(type)?.[1];
}
