/** Methods by which nothing is asked to change: "safe" in RFC 9110 9.2.1, and QUERY (RFC 9110 registry). */
export const safeMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'QUERY']);

/** Methods that may be sent twice with the effect of once (RFC 9110 9.2.2). */
export const idempotentMethods: ReadonlySet<string> = new Set([...safeMethods, 'PUT', 'DELETE']);
