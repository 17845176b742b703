/**
 * Whether a segment of the path is `.` or `..`. A URL parser resolves them (RFC 3986, 5.2.4), encoded too,
 * so that with a value `..` DELETE /users/.. would be DELETE /.
 */
export function hasDotSegment(url: string): boolean {
  return /^[^?#]*\/\.{1,2}(?:[/?#]|$)/.test(url);
}
