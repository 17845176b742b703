import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { ended, launcher, start } from './cli.ts';

/** Where no old Node is installed, ours has to pretend; where one is, it also has to parse the launcher. */
const nodes = [pretending('20.11.1'), pretending('22.18.9'), ...oldNodesOnPath()];

it.each(nodes)('Node $version is told what it lacks, exit 2', async ({ version, command }) => {
  const [node = '', ...args] = command;
  expect(await ended(start(node, [...args, launcher, '--version']))).toEqual({
    status: 2,
    stdout: '',
    stderr: `bulkfetch: needs Node.js 22.19 or newer, this is ${version}\n`,
  });
});

it('Node 22.19.0 is new enough', async () => {
  const [node = '', ...args] = pretending('22.19.0').command;
  expect(await ended(start(node, [...args, launcher, '--version']))).toMatchObject({ status: 0, stderr: '' });
});

interface NodeCommand {
  readonly version: string;
  readonly command: readonly string[];
}

/** This Node, with another version in its mouth. */
function pretending(version: string): NodeCommand {
  const script = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } })`;
  return {
    version,
    command: [process.execPath, '--import', `data:text/javascript,${encodeURIComponent(script)}`],
  };
}

/** The old ones on the PATH, past those that npm puts there. */
function oldNodesOnPath(): NodeCommand[] {
  const found = (process.env['PATH'] ?? '')
    .split(path.delimiter)
    .filter((directory) => !directory.includes('node_modules'))
    .map((directory) => path.join(directory, 'node'))
    .filter((file) => existsSync(file))
    .map((file) => ({
      version: execFileSync(file, ['-p', 'process.versions.node'], { encoding: 'utf8' }).trim(),
      command: [file],
    }));
  return found.filter(({ version }) => isOld(version));
}

function isOld(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major < 22 || (major === 22 && minor < 19);
}
