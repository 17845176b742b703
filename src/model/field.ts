/** A token: the name of a header field, or a method (RFC 9110, 5.6.2). */
export const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** The value of a header field has no control character but tab (RFC 9110, 5.5). */
export const fieldValue = /^[\t\u0020-\u007e\u0080-\u00ff]*$/;
