import { availableParallelism } from 'node:os';
import path from 'node:path';
import { startServer } from '../../src/serve/server.ts';
import { serveDefaults } from '../../src/serve/settings.ts';
import { figure } from './figures.ts';
import { benchFolder, node } from './options.ts';
import { printedBy } from './printed.ts';
import { output } from './process.ts';
import { median } from './statistics.ts';
import type { FetchingFigures } from './transforms/figures.ts';
import type { Bench, Section } from './types.ts';

const rounds = 100_000;
const latencyMs = 50;
const inFlight = 10;

/** What was measured in one round, all in turn. */
interface Round {
  readonly alone: FetchingFigures;
  readonly hashed: FetchingFigures;
  /** The same hashes on one core, and nothing else. */
  readonly cpuSeconds: number;
  readonly peerSeconds: number | undefined;
}

/** CPU work beside the I/O: every body hashed a hundred thousand times, on all cores but one. */
export async function measureTransforms(bench: Bench): Promise<Section> {
  const workers = Math.max(1, availableParallelism() - 1);
  const tasks = bench.quick ? 40 : 400;
  const hasPeer = (await output(python, ['-c', 'import aiohttp'])) !== undefined;
  if (!hasPeer) {
    bench.say('missing: aiohttp (python3-aiohttp)');
  }
  const found: Round[] = [];
  for (let round = 1; round <= bench.runs; round++) {
    bench.say(`transforms, round ${round} of ${bench.runs}`);
    found.push(await measureRound(bench, { tasks, workers, hasPeer }));
  }
  return report(found, { tasks, workers, judge: !bench.quick });
}

interface Work {
  readonly tasks: number;
  readonly workers: number;
  readonly hasPeer: boolean;
}

async function measureRound(bench: Bench, { tasks, workers, hasPeer }: Work): Promise<Round> {
  const server = await startServer({ ...serveDefaults, latencyMs });
  const library = path.join(benchFolder, '../../dist/index.js');
  const common = [server.url, tasks, inFlight];
  const fetching = ['fetching.ts', library, ...common, workers];
  try {
    const alone = await run<FetchingFigures>(bench, fetching);
    const hashed = await run<FetchingFigures>(bench, [...fetching, `hash:sha256,rounds=${rounds}`]);
    const sample = Math.ceil(tasks / 10);
    const cpuSeconds = ((await run<number>(bench, ['hashing.ts', sample, rounds])) * tasks) / sample;
    const peer = hasPeer ? await runPeer(bench, [...common, rounds, workers]) : undefined;
    if (peer !== undefined && peer.first !== hashed.first) {
      throw new Error(`two digests of the same: ${peer.first} and ${String(hashed.first)}`);
    }
    return { alone, hashed, cpuSeconds, peerSeconds: peer?.seconds };
  } finally {
    await server.close();
  }
}

/** Runs one of the scripts beside this file; gives what it prints. */
function run<T>(bench: Bench, [script = '', ...args]: readonly (string | number)[]): Promise<T> {
  return print<T>(bench, [node, path.join(benchFolder, 'transforms', String(script)), ...args.map(String)]);
}

function runPeer(
  bench: Bench,
  args: readonly (string | number)[],
): Promise<{ readonly seconds: number; readonly first: string }> {
  return print(bench, [python, path.join(benchFolder, 'peers/aiohttp_hash.py'), ...args.map(String)]);
}

/** On all cores. */
async function print<T>(bench: Bench, argv: readonly string[]): Promise<T> {
  return (await printedBy(bench, argv, `0-${availableParallelism() - 1}`)) as T;
}

/** Debian's, which has Debian's aiohttp. */
const python = '/usr/bin/python3';

function report(
  found: readonly Round[],
  { tasks, workers, judge }: { readonly tasks: number; readonly workers: number; readonly judge: boolean },
): Section {
  const middle = (read: (round: Round) => number | undefined) =>
    median(found.map(read).filter((value) => value !== undefined));
  const [io, cpu, own, peer] = [
    middle(({ alone }) => alone.seconds),
    middle(({ cpuSeconds }) => cpuSeconds),
    middle(({ hashed }) => hashed.seconds),
    middle(({ peerSeconds }) => peerSeconds),
  ];
  const ideals = found.map(
    ({ alone, hashed, cpuSeconds }) => hashed.seconds / Math.max(alone.seconds, cpuSeconds / workers),
  );
  const loopP99 = middle(({ hashed }) => hashed.loopP99Ms);
  const latencyP99 = middle(({ hashed }) => hashed.latencyP99Ms);
  const seconds = (value: number | undefined) => value?.toFixed(2) ?? '-';
  const ms = (value: number | undefined) => value?.toFixed(1) ?? '-';
  return {
    id: 'transforms',
    title: `${tasks} URLs of ${latencyMs} ms, ${inFlight} in flight, each body hashed ${rounds.toLocaleString('en')} times on ${workers} of ${workers + 1} cores`,
    columns: ['what', 'median s', 'event loop late, p99 ms', 'longest ms', 'request, p99 ms'],
    rows: [
      [
        'bulkfetch, fetching alone',
        seconds(io),
        ms(middle(({ alone }) => alone.loopP99Ms)),
        ms(middle(({ alone }) => alone.loopMaxMs)),
        ms(middle(({ alone }) => alone.latencyP99Ms)),
      ],
      ['hashing alone, on one core', seconds(cpu), '-', '-', '-'],
      [
        'bulkfetch --transform hash',
        seconds(own),
        ms(loopP99),
        ms(middle(({ hashed }) => hashed.loopMaxMs)),
        ms(latencyP99),
      ],
      ['Python: asyncio, ProcessPoolExecutor', seconds(peer), '-', '-', '-'],
    ],
    notes: [],
    figures: [
      figure('total : max(I/O, CPU / workers)', '<=', 1.15, 'x', median(ideals), judge),
      figure('event loop while it hashes, p99 late', '<=', 20, ' ms', loopP99, judge),
      figure(
        'bulkfetch : Python',
        '<=',
        1,
        'x',
        own === undefined || peer === undefined ? undefined : own / peer,
        judge,
      ),
    ],
    data: found,
  };
}
