import { describe, expect, it, onTestFinished } from 'vitest';
import type { RunEvent } from '../../../src/model/observer.ts';
import { createLatch } from '../../servers/latch.ts';
import { scriptedServer, type ScriptedRoutes } from '../../servers/scripted.ts';
import { until } from '../../servers/until.ts';
import { collect, fetchAll, paths, start, type Settings } from './fetching.ts';

type EventName = RunEvent['event'];
type EventOf<N extends EventName> = Extract<RunEvent, { readonly event: N }>;

/** Hears all that a run does. */
function listener() {
  const events: RunEvent[] = [];
  return {
    observer: (event: RunEvent) => void events.push(event),
    events,
    of: <N extends EventName>(name: N) => events.filter((event): event is EventOf<N> => event.event === name),
    /** All but what is told at every run. */
    story: () =>
      events
        .map(({ event }) => event)
        .filter((event) => event !== 'sample' && event !== 'lane-opened' && event !== 'lane-closed'),
  };
}

async function serve(routes: ScriptedRoutes) {
  const server = await scriptedServer(routes);
  onTestFinished(() => server.close());
  return server;
}

async function observed(urls: Iterable<string>, settings: Settings = {}) {
  const heard = listener();
  const records = await fetchAll(urls, { ...settings, observer: heard.observer });
  return { ...heard, records };
}

describe('an exchange', () => {
  it('is told with its lane, task and phases, one after the other', async () => {
    const { url } = await serve({ '*': { body: 'hello' } });
    const { of } = await observed(paths(url, 4), { concurrency: 2 });
    const exchanges = of('exchange');
    expect(new Set(exchanges.map(({ index }) => index))).toEqual(new Set([0, 1, 2, 3]));
    for (const one of exchanges) {
      expect(one).toMatchObject({ id: String(one.index), method: 'GET', url: `${url}/${one.index}` });
      expect(one).toMatchObject({ attempt: 1, hops: 0, status: 200, bytes: 5 });
      const sum = Object.values(one.phases).reduce((all, phase) => all + phase, 0);
      expect(sum).toBeCloseTo(one.at - one.startedAt, 6);
    }
    expect(exchanges.map(({ reused, phases }) => reused === (phases.connect === undefined))).not.toContain(
      false,
    );
    expect(new Set(exchanges.map(({ lane }) => lane))).toEqual(new Set([1, 2]));
  });

  it('has the times of its own attempt alone', async () => {
    const { url } = await serve({ '/a': (_, __, hit) => ({ status: hit === 1 ? 503 : 200 }) });
    const { of } = await observed([`${url}/a`], { retryDelay: 50 });
    const [first, second] = of('exchange');
    expect([first?.status, second?.status]).toEqual([503, 200]);
    expect(second!.startedAt).toBeGreaterThan(first!.at);
    const { queue, wait = 0, download = 0 } = second!.phases;
    expect(queue + wait + download).toBeCloseTo(second!.at - second!.startedAt, 6);
  });

  it('that fails is told with its failure', async () => {
    const { url } = await serve({ '*': (_, response) => void response.destroy() });
    const { of, story } = await observed([url], { retry: 0, method: 'POST' });
    expect(of('exchange')).toMatchObject([{ method: 'POST', failure: { code: 'CONNECTION_CLOSED' } }]);
    expect(of('exchange')[0]).not.toHaveProperty('status');
    expect(story()).toEqual(['exchange', 'task-failed']);
  });
});

describe('lanes', () => {
  it('are told when they open and close, and leave their numbers to others', async () => {
    const one = await serve({ '*': {} });
    const two = await serve({ '*': {} });
    const { events } = await observed([one.url, two.url], { concurrency: 1 });
    const lanes = events.filter(({ event }) => event.startsWith('lane-'));
    expect(lanes).toMatchObject([
      { event: 'lane-opened', lane: 1, origin: one.url },
      { event: 'lane-closed', lane: 1, origin: one.url },
      { event: 'lane-opened', lane: 1, origin: two.url },
      { event: 'lane-closed', lane: 1, origin: two.url },
    ]);
  });
});

describe('what follows from an exchange', () => {
  it('a retry, and why', async () => {
    const { url } = await serve({ '/a': (_, __, hit) => ({ status: hit === 1 ? 503 : 200 }) });
    const { of, story } = await observed([`${url}/a`]);
    expect(story()).toEqual(['exchange', 'retry', 'exchange']);
    const [retry] = of('retry');
    expect(retry).toMatchObject({ index: 0, url: `${url}/a`, lane: 1, attempt: 1, cause: 'HTTP 503' });
    expect(retry!.delayMs).toBeGreaterThan(0);
  });

  it('a redirect', async () => {
    const { url } = await serve({ '/a': { status: 302, headers: { location: '/b' } }, '/b': {} });
    const { of, story } = await observed([`${url}/a`]);
    expect(story()).toEqual(['exchange', 'redirect', 'exchange']);
    expect(of('redirect')).toMatchObject([{ status: 302, from: `${url}/a`, to: `${url}/b` }]);
    expect(of('exchange')[1]).toMatchObject({ attempt: 1, hops: 1, url: `${url}/b` });
  });

  it('the failure of the task', async () => {
    const { url } = await serve({ '*': { status: 500 } });
    const { of } = await observed([url], { retry: 1 });
    expect(of('task-failed')).toMatchObject([{ index: 0, attempts: 2, failure: { code: 'HTTP_STATUS' } }]);
  });

  it('a pause that the host asked for', async () => {
    const { url } = await serve({ '*': { status: 429, headers: { 'retry-after': '60' } } });
    const { of } = await observed([url], { retryMaxTime: 30 });
    const [pause] = of('host-paused');
    expect(pause).toMatchObject({ origin: url, cause: 'HTTP 429' });
    expect(Math.round(pause!.forMs)).toBe(30);
  });

  it('one pause, however many answers ask for it', async () => {
    const { url } = await serve({ '*': { status: 503, headers: { 'retry-after': '60' } } });
    const { of } = await observed(paths(url, 5), { retry: 0, retryMaxTime: 2_000, concurrency: 5 });
    expect(of('exchange')).toHaveLength(5);
    expect(of('host-paused')).toHaveLength(1);
  });

  it('a pause of the breaker', async () => {
    const { url } = await serve({ '*': (_, __, hit) => ({ status: hit <= 10 ? 500 : 200 }) });
    const settings = { retry: 0, concurrency: 1, breaker: '50%/20ms' };
    const { of } = await observed(
      Array.from({ length: 12 }, () => url),
      settings,
    );
    expect(of('host-paused')).toMatchObject([{ origin: url, cause: '--breaker: HTTP 500' }]);
    expect(of('host-down')).toEqual([]);
  });

  it('another limit, with --concurrency auto', async () => {
    const { url } = await serve({ '*': {} });
    const { of } = await observed(paths(url, 3_000), { concurrency: 'auto' });
    expect(of('limit')[0]).toMatchObject({ origin: url, from: 10, cause: 'search' });
    expect(of('limit').every(({ from, to }) => from !== to)).toBe(true);
  });

  it('a rate that was learnt', async () => {
    let hits = 0;
    const { url } = await serve({ '*': () => ({ status: ++hits === 30 ? 429 : 200 }) });
    const { of } = await observed(paths(url, 40), { concurrency: 'auto' });
    expect(of('rate')[0]).toMatchObject({ origin: url, cause: 'HTTP 429' });
    expect(of('rate')[0]).not.toHaveProperty('from');
    expect(of('host-paused')[0]).toMatchObject({ origin: url, cause: 'HTTP 429' });
  });
});

it('the pages of a task have their numbers', async () => {
  const { url } = await serve({ '/a': { body: '{"next":"/b"}' }, '/b': { body: '{}' } });
  const { of } = await observed([`${url}/a`], { next: '$.next' });
  const pages = of('exchange').map(({ page = 1, url }) => `${page}: ${url}`);
  expect(pages).toEqual([`1: ${url}/a`, `2: ${url}/b`]);
});

it('each write into the sink is told', async () => {
  const { url } = await serve({ '*': {} });
  const heard = listener();
  const run = start(paths(url, 3), { observer: heard.observer });
  await run.into({ name: 'nowhere', write: () => Promise.resolve(), close: () => Promise.resolve() });
  const batches = heard.of('batch');
  expect(batches.reduce((sum, { records }) => sum + records, 0)).toBe(3);
  expect(batches.every(({ sink }) => sink === 'nowhere')).toBe(true);
});

it('the state is told from beginning to end', async () => {
  const { url } = await serve({ '*': {} });
  const { of } = await observed(paths(url, 3));
  const samples = of('sample').map(({ state }) => state);
  expect(samples[0]).toMatchObject({ read: 0, finished: 0 });
  expect(samples.at(-1)).toMatchObject({ read: 3, finished: 3, inFlight: 0, hosts: 0 });
});

it('what has ended is neither in flight nor waiting, although its lane is not free yet', async () => {
  const run = start(['http://127.0.0.1:1/'], { retry: 0 });
  const seen = [];
  for await (const { error } of run) {
    const { read, finished, inFlight, waiting } = run.stats();
    seen.push({ kind: error?.kind, read, finished, inFlight, waiting });
  }
  expect(seen).toEqual([{ kind: 'connect', read: 1, finished: 1, inFlight: 0, waiting: 0 }]);
});

it('what the engine fetches for itself is no task in flight', async () => {
  const latch = createLatch();
  const server = await serve({ '/robots.txt': () => latch.opened.then(() => ({})), '*': {} });
  const run = start([server.url], { respectRobots: true });
  const done = collect(run);
  await until(() => server.received.length === 1);
  const { inFlight, waiting } = run.stats();
  latch.open();
  await done;
  expect({ inFlight, waiting }).toEqual({ inFlight: 1, waiting: 1 });
});

it('state() shows hosts and the oldest exchanges', async () => {
  const latch = createLatch();
  const server = await serve({ '*': () => latch.opened.then(() => ({})) });
  const { url } = server;
  const run = start(paths(url, 5), { concurrency: 2, perHost: 2 });
  const done = collect(run);
  await until(() => server.received.length === 2);
  const state = run.state();
  latch.open();
  await done;
  expect(state).toMatchObject({ read: 5, inFlight: 2, waiting: 3, between: 0, hosts: 1, sourceWaits: false });
  expect(state.busiest).toEqual([{ origin: url, inFlight: 2, limit: 2, lanes: 2, waiting: 3, pausedMs: 0 }]);
  expect(state.oldest).toMatchObject([
    { id: '0', url: `${url}/0`, attempt: 1, phase: 'request' },
    { id: '1', url: `${url}/1`, attempt: 1, phase: 'request' },
  ]);
  expect(state.oldest[0]!.forMs).toBeGreaterThanOrEqual(state.oldest[1]!.forMs);
});
