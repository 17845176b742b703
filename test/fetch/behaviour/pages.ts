import type { Canned, Received } from '../../servers/scripted.ts';

/** An answer whose body is this value as JSON. */
export function page(value: unknown, headers: Readonly<Record<string, string>> = {}): Canned {
  return { headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(value) };
}

/** The query of a request. */
export function queryOf({ target }: Received): URLSearchParams {
  return new URL(target, 'http://server').searchParams;
}

/** Answers `…?page=n` with where page n + 1 is, up to `last`. */
export function upTo(last: number): (request: Received) => Canned {
  return (request) => {
    const number = Number(queryOf(request).get('page') ?? 1);
    return page({ number, next: number < last ? `?page=${number + 1}` : null });
  };
}
