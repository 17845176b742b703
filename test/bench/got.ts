import { execFile } from 'node:child_process';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { benchFolder, outFolder } from './options.ts';
import type { Bench } from './types.ts';

/** Where got lives: the script stands beside its node_modules. */
export const gotFolder: string = path.join(outFolder, 'got');

/** Installs got and p-limit from npm into a folder of their own, away from the project's packages. */
export async function installGot(bench: Bench): Promise<void> {
  bench.say('installing got and p-limit');
  await mkdir(gotFolder, { recursive: true });
  await writeFile(path.join(gotFolder, 'package.json'), '{"private":true}\n');
  await copyFile(path.join(benchFolder, 'peers/got_fetch.mjs'), path.join(gotFolder, 'got_fetch.mjs'));
  const args = ['install', '--no-audit', '--no-fund', 'got', 'p-limit'];
  await promisify(execFile)('npm', args, { cwd: gotFolder, signal: bench.signal });
}
