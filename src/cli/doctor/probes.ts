import { carryOver } from '../../fetch/policy/carry-over.ts';
import type { FetchRecord } from '../../model/record.ts';
import type { RequestSpec } from '../../model/task.ts';
import type { Bytes } from '../../model/units.ts';

/** Larger bodies are not fetched again to learn more. */
export const smallBody: Bytes = 1024 * 1024;

/** The codings that are asked for one by one; `deflate` is what nobody should choose today. */
const codings = ['gzip', 'br', 'zstd'];

/** A request that is to be sent, and how it differs from the first. */
export interface Probe {
  readonly purpose: string;
  readonly request: RequestSpec;
}

/** The same again: to see whether the connection is kept, and whether the server knows what we have. */
export function againProbe(request: RequestSpec, { headers, bytes = 0, error }: FetchRecord): Probe {
  const isLarge = bytes > smallBody || error?.code === 'BODY_TOO_LARGE';
  const base = isLarge ? { ...request, method: 'HEAD' } : request;
  const [name, validator] =
    typeof headers?.['etag'] === 'string'
      ? ['If-None-Match', headers['etag']]
      : ['If-Modified-Since', headers?.['last-modified']];
  return typeof validator === 'string'
    ? probe(base, name, validator)
    : { purpose: 'the same again', request: base };
}

/** One byte, without a coding that would change what a byte is. Undefined: it might cost a large body. */
export function rangeProbe(request: RequestSpec, { headers, bytes = 0, ok }: FetchRecord): Probe | undefined {
  const isOffered = headers?.['accept-ranges'] === 'bytes';
  if (!ok || request.method !== 'GET' || bytes === 0 || (bytes > smallBody && !isOffered)) {
    return undefined;
  }
  const { purpose, request: ranged } = probe(request, 'Range', 'bytes=0-0');
  return { purpose, request: withField(ranged, 'Accept-Encoding', 'identity') };
}

/** The codings that the server did not choose, where it chose one. */
export function codingProbes(
  request: RequestSpec,
  { headers, bytes = 0, ok }: FetchRecord,
): ReadonlyMap<string, Probe> {
  const chosen = headers?.['content-encoding'];
  const isWorthIt = ok && request.method === 'GET' && typeof chosen === 'string' && bytes <= smallBody;
  const others = isWorthIt ? codings.filter((coding) => coding !== chosen.toLowerCase()) : [];
  return new Map(others.map((coding) => [coding, probe(request, 'Accept-Encoding', coding)]));
}

/** A robots.txt is for all, and a header of the user's may be a secret. */
export function robotsProbe(request: RequestSpec): Probe {
  return { purpose: 'robots.txt', request: carryOver(request, { staysHome: false, becomesGet: true }) };
}

function probe(request: RequestSpec, name: string, value: string): Probe {
  return { purpose: `${name}: ${value}`, request: withField(request, name, value) };
}

/** With that field, instead of those of that name. */
function withField(request: RequestSpec, name: string, value: string): RequestSpec {
  const key = name.toLowerCase();
  const others = request.headers.filter((_, at, all) => all[at - (at % 2)]!.toLowerCase() !== key);
  return { ...request, headers: [...others, name, value] };
}
