import { describe, expect, it } from 'vitest';
import { createRouter } from '../../src/serve/routes.ts';

const route = createRouter(500);

/** Asks the router; the body as text. */
function ask(method: string, target: string, body = '', headers = {}) {
  const answer = route({ method, target, headers, body });
  return { ...answer, text: Buffer.from(answer.body).toString() };
}

describe('reading', () => {
  it.each([
    ['/users/1', 200],
    ['/users/1?full=1', 200],
    ['/users/0', 200],
    ['/users/007', 404],
    ['/users', 200],
    ['/users?page=5', 200],
    ['/users?page=6', 400],
    ['/users?page=x', 400],
    ['/users/me', 404],
    ['/users/1/posts', 404],
    ['/status/204', 204],
    ['/status/418', 418],
    ['/status/599', 599],
    ['/status/199', 404],
    ['/status/600', 404],
    ['/bytes/67108864', 200],
    ['/bytes/67108865', 400],
    ['/redirect/0', 404],
    ['/nowhere', 404],
    ['/', 200],
  ])('GET %s is %i', (target, status) => {
    expect(route({ method: 'GET', target, headers: {}, body: '' }).status).toBe(status);
  });

  it('makes bytes of every value', () => {
    const bytes = Buffer.from(ask('GET', '/bytes/300').body);
    expect(bytes).toHaveLength(300);
    expect([...bytes.subarray(254, 258)]).toEqual([254, 255, 0, 1]);
  });

  it('leads through as many redirects as asked', () => {
    const visited: string[] = [];
    let target = '/redirect/3';
    while (ask('GET', target).status === 302) {
      const { headers } = ask('GET', target);
      target = headers[headers.indexOf('Location') + 1]!;
      visited.push(target);
    }
    expect(visited).toEqual(['/redirect/2', '/redirect/1', '/users/1']);
  });

  it('leads through pages, by Link, by URL and by number', () => {
    const ids: number[] = [];
    let target: string | null = '/users';
    for (let page = 1; target !== null; page++) {
      const { text, headers } = ask('GET', target);
      const { users, next, next_page: number } = JSON.parse(text);
      expect(headers.slice(2)).toEqual(next === null ? [] : ['Link', `<${next}>; rel="next"`]);
      expect([next, number]).toEqual(page === 5 ? [null, null] : [`/users?page=${page + 1}`, page + 1]);
      ids.push(...users.map(({ id }: { id: number }) => id));
      target = next;
    }
    expect(ids).toEqual(Array.from({ length: 100 }, (_, at) => at + 1));
  });

  it('asks for a delay', () => {
    expect(ask('GET', '/delay/250')).toMatchObject({ status: 200, delayMs: 250 });
  });

  it('shows the request headers', () => {
    expect(ask('GET', '/headers', '', { 'x-a': '1' }).text).toBe('{"x-a":"1"}');
  });

  it('lists its routes', () => {
    expect(ask('GET', '/').text).toContain('"GET /users/:id"');
  });

  it('says which path it does not know', () => {
    expect(ask('DELETE', '/users/1').text).toBe('{"error":"no route for DELETE /users/1"}');
  });
});

describe('writing', () => {
  it.each([
    ['POST', '/users', '{"name":"Ada","id":"a7"}', 201, { id: 'a7', received: { name: 'Ada', id: 'a7' } }],
    ['POST', '/tasks', '{"id":3,"payload":{"n":1}}', 201, { id: 3, received: { id: 3, payload: { n: 1 } } }],
    ['PUT', '/users/9', '[1,2]', 200, { id: '9', received: [1, 2] }],
    ['PATCH', '/tasks/x', 'no json', 200, { id: 'x', received: 'no json' }],
  ])('%s %s echoes %s', (method, target, body, status, reply) => {
    const answer = ask(method, target, body);
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.text)).toEqual(reply);
  });

  it('makes an id from the body when there is none', () => {
    const idFor = (body: string): unknown => JSON.parse(ask('POST', '/users', body).text).id;
    expect(idFor('{"a":1}')).toEqual(expect.any(Number));
    expect(idFor('{"a":1}')).toBe(idFor('{"a":1}'));
    expect(idFor('{"a":1}')).not.toBe(idFor('{"a":2}'));
  });
});
