import { json, jsonText, type Answer } from './answer.ts';

const pages = 5;
const usersOnPage = 20;

/**
 * A hundred users, twenty a page: `page` in the query says which ones. Where the next page is stands
 * there three times, so that every rule of `--next` has something to follow.
 */
export function userPage(target: string, writeUser: (id: string) => string): Answer {
  const [path = '', query] = target.split('?');
  const page = Number(new URLSearchParams(query).get('page') ?? 1);
  if (!Number.isInteger(page) || page < 1 || page > pages) {
    return json(400, { error: `pages are 1 to ${pages}` });
  }
  const first = (page - 1) * usersOnPage + 1;
  const users = Array.from({ length: usersOnPage }, (_, at) => writeUser(String(first + at)));
  const next = page < pages ? `${path}?page=${page + 1}` : null;
  const nextPage = page < pages ? page + 1 : null;
  return jsonText(
    200,
    `{"page":${page},"next":${JSON.stringify(next)},"next_page":${nextPage},"users":[${users.join(',')}]}`,
    next === null ? [] : ['Link', `<${next}>; rel="next"`],
  );
}
