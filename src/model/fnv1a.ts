/**
 * A 32-bit hash of a text, `basis` being the hash of what precedes it. Over UTF-16 code units instead
 * of bytes, which is the same for ASCII. Source: FNV-1a, Fowler, Noll and Vo (RFC 9923).
 */
export function fnv1a(text: string, basis = 0x811c9dc5): number {
  let hash = basis;
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  return hash >>> 0;
}
