import { measureAlone } from './databases/alone.ts';
import { measureFetching } from './databases/fetching.ts';
import { ownOutputs, peerOutputs, python } from './databases/outputs.ts';
import { postgresDatabase, type PostgresDatabase } from './databases/postgres-database.ts';
import { output } from './process.ts';
import type { Bench, Section } from './types.ts';

/** A database may slow S1 down by so much, not more. */
const leastShare = 0.7;

/** Databases as outputs: alone, in S1 beside JSON Lines, and beside what is written by hand. */
export async function measureDatabases(bench: Bench): Promise<Section[]> {
  const postgres = await postgresDatabase();
  if (postgres === undefined) {
    bench.say('missing: PostgreSQL (BULKFETCH_TEST_POSTGRES)');
  }
  try {
    return [
      await measureAlone(bench, postgres),
      await measureS1(bench, postgres),
      ...(postgres === undefined ? [] : await measurePeers(bench, postgres)),
    ];
  } finally {
    await postgres?.remove();
  }
}

function measureS1(bench: Bench, postgres: PostgresDatabase | undefined): Promise<Section> {
  const urls = bench.quick ? 10_000 : 100_000;
  return measureFetching(bench, {
    id: 'databases-S1',
    title: `S1 (${urls.toLocaleString('en')} URLs, 50 in flight) into a file, SQLite and PostgreSQL`,
    urls,
    outputs: ownOutputs(postgres),
    asked: (['--to sqlite:', '--to postgres:'] as const).map((one) => ({
      output: one,
      of: '-o out.jsonl',
      share: leastShare,
    })),
  });
}

/** None when Python or one of its packages is missing. */
async function measurePeers(bench: Bench, postgres: PostgresDatabase): Promise<Section[]> {
  const print =
    'import aiohttp, asyncpg, sqlalchemy as s, platform as p; print("aiohttp", aiohttp.__version__ + ", asyncpg", asyncpg.__version__ + ", SQLAlchemy", s.__version__, "on Python", p.python_version())';
  const versions = (await output(python, ['-c', print]))?.split('\n').at(-1);
  if (versions === undefined) {
    bench.say('missing: aiohttp, asyncpg or SQLAlchemy (python3-aiohttp python3-asyncpg python3-sqlalchemy)');
    return [];
  }
  const urls = bench.quick ? 2_000 : 20_000;
  const { '--to postgres:': own } = ownOutputs(postgres);
  const outputs = { ...(own !== undefined && { '--to postgres:': own }), ...peerOutputs(postgres) };
  const section = await measureFetching(bench, {
    id: 'databases-peers',
    title: `${urls.toLocaleString('en')} URLs of S1 into PostgreSQL, beside what is written by hand`,
    urls,
    outputs,
    asked: [],
  });
  return [
    {
      ...section,
      notes: [
        ...section.notes,
        `${versions}; batches of 500, a pool of 10. Their rows have 8 columns, those of bulkfetch 28. What is written by COPY there cannot be written again: it fails on rows that are there.`,
      ],
    },
  ];
}
