import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { benchFolder, node } from '../options.ts';
import { tallyLines, type Tally } from '../tally.ts';
import type { Command, FoundTool, Job } from '../tools.ts';
import type { PostgresDatabase } from './postgres-database.ts';

/** What fetches a list and keeps the answers. */
export type OutputName =
  | '-o out.jsonl'
  | '--to sqlite:'
  | '--to postgres:'
  | 'aiohttp, asyncpg executemany'
  | 'aiohttp, asyncpg copy'
  | 'aiohttp, SQLAlchemy ORM';

/** The outputs of bulkfetch beside each other; those into PostgreSQL where it is there. */
export function ownOutputs(postgres: PostgresDatabase | undefined): Partial<Record<OutputName, FoundTool>> {
  return {
    '-o out.jsonl': own(
      (file) => ['-o', file],
      ({ folder }) => tallyLines(path.join(folder, 'out'), '"ok":true'),
    ),
    '--to sqlite:': own(
      (file) => ['--to', `sqlite:${file}`],
      ({ folder }) => tallySqlite(path.join(folder, 'out')),
    ),
    ...(postgres !== undefined && { '--to postgres:': ownPostgres(postgres) }),
  };
}

/** The same by hand, in Python. */
export function peerOutputs(postgres: PostgresDatabase): Partial<Record<OutputName, FoundTool>> {
  return {
    'aiohttp, asyncpg executemany': peer(postgres, 'executemany'),
    'aiohttp, asyncpg copy': peer(postgres, 'copy'),
    'aiohttp, SQLAlchemy ORM': peer(postgres, 'sqlalchemy'),
  };
}

/** Debian's, which has Debian's packages; another `python3` may come first in PATH. */
export const python = '/usr/bin/python3';

function own(flags: (file: string) => readonly string[], tally: (job: Job) => Promise<Tally>): FoundTool {
  return {
    version: '',
    command: async (job) => ({
      argv: [
        node,
        job.bin,
        job.list,
        '-c',
        String(job.inFlight),
        '-q',
        ...flags(path.join(job.folder, 'out')),
      ],
      tally: () => tally(job),
    }),
  };
}

function ownPostgres(postgres: PostgresDatabase): FoundTool {
  const { command } = own(
    () => ['--to', postgres.url],
    () => postgres.tally('results'),
  );
  return { version: '', command: (job) => afterDrop(postgres, 'results', () => command(job)) };
}

function peer(postgres: PostgresDatabase, way: string): FoundTool {
  const script = path.join(benchFolder, 'peers/aiohttp_postgres.py');
  return {
    version: '',
    command: (job) =>
      afterDrop(postgres, 'answers', async () => ({
        argv: [python, script, job.list, String(job.inFlight), postgres.url, way],
        tally: () => postgres.tally('answers'),
      })),
  };
}

async function afterDrop(
  postgres: PostgresDatabase,
  table: string,
  command: () => Promise<Command>,
): Promise<Command> {
  await postgres.dropTable(table);
  return command();
}

async function tallySqlite(file: string): Promise<Tally> {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    const [row] = database.prepare('select count(*) as records, sum(ok) as ok from results').all();
    return { records: Number(row?.['records']), ok: Number(row?.['ok']) };
  } finally {
    database.close();
  }
}
