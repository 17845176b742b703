/**
 * `npm run bench`: bulkfetch against its peers on this machine, in one process and one sitting, so
 * that only ratios of what ran side by side are compared.
 *
 *   --only S1,memory   scenarios whose id begins so (S1 S2 S3 S4 S5 S6 memory startup promises auto databases transforms debug)
 *   --tools a,b        only these tools (bulkfetch bulkfetch-no-body wget2 curl aiohttp got aria2c)
 *   --runs 5           rounds; the report holds medians
 *   --quick            a tenth of the URLs, one round: tries the harness, judges nothing
 *   --with-got         installs got and p-limit from npm into out/ and measures them too
 *   --bin FILE         another launcher than bin/bulkfetch.js
 *   --write            copies the report to RESULTS.md
 *
 * Exit status: 0 all figures met or not judged, 1 one was missed, or the bench itself failed.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { measureAuto } from './auto.ts';
import { measureDatabases } from './databases.ts';
import { measureDebug } from './debug.ts';
import { installGot } from './got.ts';
import { machineFacts } from './machine.ts';
import { measureMemory } from './memory.ts';
import { startNginx } from './nginx.ts';
import { readOptions } from './options.ts';
import { publishReport, writeReport } from './report.ts';
import { runRounds } from './rounds.ts';
import { scenarios } from './scenarios.ts';
import { measurePromises } from './promises.ts';
import { measureStartup } from './startup.ts';
import { findTools } from './tools.ts';
import { measureTransforms } from './transforms.ts';
import type { Bench, Section } from './types.ts';

const options = readOptions(process.argv.slice(2));
const stop = new AbortController();
process.once('SIGINT', () => stop.abort(new Error('interrupted')));
process.once('SIGTERM', () => stop.abort(new Error('terminated')));

const folder = await mkdtemp(path.join(tmpdir(), 'bulkfetch-bench-'));
try {
  const nginx = await startNginx(folder);
  try {
    const allMet = await run({ ...options, folder, server: nginx.server, signal: stop.signal, say });
    process.exitCode = allMet ? 0 : 1;
  } finally {
    await nginx.stop();
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}

/** Everything in turn; false when a figure was missed. What was measured before a fault is reported. */
async function run(bench: Bench): Promise<boolean> {
  if (bench.withGot) {
    await installGot(bench);
  }
  const tools = await findTools(bench);
  const facts = await machineFacts(tools);
  const sections: Section[] = [];
  try {
    for (const scenario of scenarios.filter(({ id }) => bench.wants(id))) {
      sections.push(await runRounds(bench, scenario, tools));
    }
    if (bench.wants('memory') && tools.bulkfetch !== undefined) {
      sections.push(await measureMemory(bench));
    }
    if (bench.wants('startup') && tools.bulkfetch !== undefined) {
      sections.push(await measureStartup(bench));
    }
    if (bench.wants('promises') && tools.bulkfetch !== undefined) {
      sections.push(await measurePromises(bench));
    }
    if (bench.wants('auto') && tools.bulkfetch !== undefined) {
      sections.push(await measureAuto(bench));
    }
    if (bench.wants('databases') && tools.bulkfetch !== undefined) {
      sections.push(...(await measureDatabases(bench)));
    }
    if (bench.wants('transforms') && tools.bulkfetch !== undefined) {
      sections.push(await measureTransforms(bench));
    }
    if (bench.wants('debug') && tools.bulkfetch !== undefined) {
      sections.push(await measureDebug(bench));
    }
  } finally {
    await writeReport(bench, facts, sections);
  }
  if (bench.write) {
    await publishReport();
  }
  return sections.every(({ figures }) => figures.every(({ met }) => met !== false));
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
