import { fieldsNamed } from '../../model/field.ts';
import type { RequestSpec } from '../../model/task.ts';

/** Requests with the fields they carry beside their own; the last one made of each is kept. */
export class Wardrobe {
  readonly #last = new WeakMap<RequestSpec, { readonly with: string; readonly dressed: RequestSpec }>();

  /**
   * Adds fields, names and values in turn, and cookies to those that the request has: there is one
   * Cookie field at the most (RFC 6265, 5.4).
   */
  dress(request: RequestSpec, fields: readonly string[], cookies: string | undefined): RequestSpec {
    if (fields.length === 0 && cookies === undefined) {
      return request;
    }
    const added = [...fields, cookies ?? ''].join('\n');
    const last = this.#last.get(request);
    if (last?.with === added) {
      return last.dressed;
    }
    const headers = [...withCookies(request.headers, cookies), ...fields];
    const dressed: RequestSpec = { ...request, headers };
    this.#last.set(request, { with: added, dressed });
    return dressed;
  }
}

function withCookies(headers: readonly string[], cookies: string | undefined): readonly string[] {
  if (cookies === undefined) {
    return headers;
  }
  const own = fieldsNamed(headers, 'cookie');
  const others = headers.filter((_, at) => headers[at - (at % 2)]!.toLowerCase() !== 'cookie');
  return [...others, 'cookie', [...own, cookies].join('; ')];
}
