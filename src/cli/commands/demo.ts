import { recordLine } from '../../model/line.ts';
import { resolveOptions } from '../../model/options/options.ts';
import { buildRequest } from '../../model/request.ts';
import { measure, readAll } from '../../measure.ts';
import { compareRuns, measuredRun } from '../../report/comparison.ts';
import { renderComparison } from '../../report/render-comparison.ts';
import { renderReport } from '../../report/render.ts';
import { BulkFetch } from '../../run.ts';
import { startServer } from '../../serve/server.ts';
import { serveDefaults } from '../../serve/settings.ts';
import { openSinks } from '../../sinks/index.ts';
import { openSources } from '../../sources/index.ts';
import { exitStatus, type ExitStatus } from '../exit.ts';
import { print } from '../print.ts';
import { screenOf } from '../screen.ts';

/** The flags of `bulkfetch demo`. */
export interface DemoFlags {
  readonly output: string;
}

const users = 100;
const latencyMs = 100;
const concurrency = 50;

/**
 * `bulkfetch demo`: 100 users of a server of its own, which takes 100 ms for each, one after the
 * other and then 50 at once into a file, and the comparison of the two. Needs no network.
 */
export async function demoCommand(flags: DemoFlags): Promise<ExitStatus> {
  const server = await startServer({ ...serveDefaults, latencyMs });
  try {
    const url = `${server.url}/users/[1-${users}]`;
    const options = resolveOptions({ concurrency });
    const open = () =>
      openSources([url], {
        globoff: false,
        request: buildRequest(options),
        onInvalid: say,
        stdin: process.stdin,
      });

    // A file that cannot be written is told before the slow part.
    const sink = await openSinks([flags.output], { lineOf: recordLine, fsync: 'none' });
    say(`A server of our own answers at ${server.url}, ${latencyMs} ms after each request.\n`);
    say(`$ bulkfetch '${url}' --concurrency 1`);
    const sequential = await measure(await readAll(await open()), options, 1);
    say(`\n$ bulkfetch '${url}' --concurrency ${concurrency} -o ${flags.output}`);
    const run = new BulkFetch(await open(), options);
    try {
      await run.into(sink);
    } finally {
      await sink.close();
    }
    const concurrent = run.summary();
    process.stderr.write(`\n${renderReport(concurrent, screenOf(process.stderr))}\n`);
    await print(
      renderComparison(
        compareRuns({ ...measuredRun(sequential), of: users, longestMs: sequential.latencyMs?.max ?? 0 }, [
          measuredRun(concurrent),
        ]),
      ),
    );
    say(`\nThe ${users} users stand in ${flags.output}, one JSON line each.`);
    const failed = sequential.tasks.failed + concurrent.tasks.failed;
    return failed > 0 ? exitStatus.someFailed : exitStatus.ok;
  } finally {
    await server.close();
  }
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
