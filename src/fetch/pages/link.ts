/**
 * The reference of the first link whose relation is `next` (RFC 8288), as it stands there; undefined:
 * there is none. As appendix B of the RFC has it, what is malformed is passed over, not refused.
 * Links of something other than the page at `url` (`anchor`) do not count.
 */
export function nextLink(fields: string | readonly string[] | undefined, url: string): string | undefined {
  for (const field of typeof fields === 'string' ? [fields] : (fields ?? [])) {
    for (const [, reference, parameters = ''] of field.matchAll(link)) {
      const { rel, anchor } = parse(parameters);
      if (isNext(rel) && (anchor === undefined || isSame(anchor, url))) {
        return reference;
      }
    }
  }
  return undefined;
}

/** `<reference>` and all up to the next comma that is not in quotes. */
const link = /<([^>]*)>((?:"(?:[^"\\]|\\.)*"?|[^,"])*)/g;

/** `; name="quoted value"`, `; name=value` or `; name`. */
const parameter = /;[ \t]*([^\s=;]+)[ \t]*(?:=[ \t]*(?:"((?:[^"\\]|\\.)*)"|([^;\s]*)))?/g;

/** Of a parameter that is repeated the first one counts (RFC 8288, 3.2 and 3.3). */
function parse(parameters: string): { rel?: string; anchor?: string } {
  const found = [...parameters.matchAll(parameter)].map(([, name = '', quoted, bare = '']) => [
    name.toLowerCase(),
    quoted?.replaceAll(/\\(.)/g, '$1') ?? bare,
  ]);
  return Object.fromEntries(found.toReversed());
}

/** A link may have several relations, in whatever case. */
function isNext(rel = ''): boolean {
  return rel.toLowerCase().split(/\s+/).includes('next');
}

function isSame(anchor: string, url: string): boolean {
  const subject = URL.parse(anchor, url);
  return subject !== null && subject.hash === '' && subject.href === url;
}
