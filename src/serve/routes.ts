import type { Bytes } from '../model/units.ts';
import { json, jsonText, type Answer, type Request } from './answer.ts';
import { echo } from './echo.ts';
import { userPage } from './pages.ts';
import { userWriter } from './users.ts';

/** Answers a request: a pure function. */
export type Router = (request: Request) => Answer;

/** The API of the rehearsal server, with users of `size` bytes. Any other path gets a 404. */
export function createRouter(size: Bytes): Router {
  const writeUser = userWriter(size);
  const users: Route = {
    about: 'GET /users/:id',
    methods: reading,
    path: /^\/users\/(0|[1-9]\d{0,14})$/,
    answer: (_, id) => jsonText(200, writeUser(id)),
  };
  const userPages: Route = {
    about: 'GET /users?page=:number',
    methods: reading,
    path: /^\/users$/,
    answer: ({ target }) => userPage(target, writeUser),
  };
  const described = [users, userPages, ...plainRoutes];
  const list = json(200, { routes: described.map((route) => route.about) });
  const index: Route = { about: 'GET /', methods: reading, path: /^\/$/, answer: () => list };
  const routes = [...described, index];
  return (request) => {
    const path = request.target.split('?', 1)[0]!;
    for (const route of routes) {
      const match = route.methods.includes(request.method) ? route.path.exec(path) : null;
      if (match !== null) {
        return route.answer(request, match[1] ?? '');
      }
    }
    return json(404, { error: `no route for ${request.method} ${path}` });
  };
}

interface Route {
  /** For the index at `/`. */
  readonly about: string;
  readonly methods: readonly string[];
  /** Its parentheses hold the argument. */
  readonly path: RegExp;
  readonly answer: (request: Request, argument: string) => Answer;
}

const reading = ['GET', 'HEAD'];

/** Bodies are made whole in memory. */
const mostBytes = 64 * 1024 * 1024;

const plainRoutes: readonly Route[] = [
  {
    about: 'POST, PUT, PATCH /users[/:id] and /tasks[/:id]',
    methods: ['POST', 'PUT', 'PATCH'],
    path: /^\/(?:users|tasks)(?:\/([^/]+))?$/,
    answer: echo,
  },
  {
    about: 'GET /status/:code',
    methods: reading,
    path: /^\/status\/([2-5]\d\d)$/,
    answer: (_, code) => json(Number(code), { status: Number(code) }),
  },
  {
    about: 'GET /delay/:milliseconds',
    methods: reading,
    path: /^\/delay\/(\d{1,10})$/,
    answer: (_, ms) => ({ ...json(200, { delay: Number(ms) }), delayMs: Number(ms) }),
  },
  {
    about: 'GET /bytes/:count',
    methods: reading,
    path: /^\/bytes\/(\d{1,8})$/,
    answer: (_, count) => bytes(Number(count)),
  },
  {
    about: 'GET /redirect/:count',
    methods: reading,
    path: /^\/redirect\/([1-9]\d{0,3})$/,
    answer: (_, count) => redirect(Number(count)),
  },
  {
    about: 'GET /headers',
    methods: reading,
    path: /^\/headers$/,
    answer: (request) => json(200, request.headers),
  },
];

/** That many bytes, each value from 0 to 255 in turn. */
function bytes(count: number): Answer {
  if (count > mostBytes) {
    return json(400, { error: `at most ${mostBytes} bytes` });
  }
  const body = Buffer.alloc(
    count,
    Uint8Array.from({ length: 256 }, (_, value) => value),
  );
  return { status: 200, headers: ['Content-Type', 'application/octet-stream'], body };
}

/** The first of `count` redirects, of which the last leads to a user. */
function redirect(count: number): Answer {
  const location = count === 1 ? '/users/1' : `/redirect/${count - 1}`;
  return json(302, { location }, ['Location', location]);
}
