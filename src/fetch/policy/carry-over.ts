import type { RequestSpec } from '../../model/task.ts';

/** How the request that an answer leads to differs from the one that it answered. */
export interface CarryOver {
  /** It goes to the same scheme, host and port. */
  readonly staysHome: boolean;
  /** It is a GET without a body, whatever the first one was. */
  readonly becomesGet: boolean;
}

/**
 * What of a request goes on to where its answer leads, by a redirect or as the next page. To another
 * origin only fields go that say nothing about the user.
 */
export function carryOver(request: RequestSpec, { staysHome, becomesGet }: CarryOver): RequestSpec {
  if (staysHome && !becomesGet) {
    return request;
  }
  const { body, bodyFile } = becomesGet ? noBody : request;
  const hasBody = body !== undefined || bodyFile !== undefined;
  const mayGo = (name: string) =>
    (hasBody || !name.startsWith('content-')) && (staysHome || impersonal.has(name));
  return {
    method: becomesGet ? 'GET' : request.method,
    headers: filterFields(request.headers, mayGo),
    body,
    bodyFile,
  };
}

const noBody = { body: undefined, bodyFile: undefined };

/** What every server may know; all else may be a secret (`x-api-key`), so it stays behind. */
const impersonal: ReadonlySet<string> = new Set([
  'accept',
  'accept-encoding',
  'accept-language',
  'user-agent',
  'content-type',
  'content-encoding',
  'content-language',
]);

/** `headers` are names and values in turn. */
function filterFields(headers: readonly string[], mayGo: (name: string) => boolean): string[] {
  return headers.filter((_, at) => mayGo(headers[at - (at % 2)]!.toLowerCase()));
}
