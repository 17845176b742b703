import { availableParallelism, cpus, loadavg, release, totalmem } from 'node:os';
import { output } from './process.ts';
import type { FoundTools } from './tools.ts';

/** What the figures are measured on, one fact a line; asked before the first run, for the load. */
export async function machineFacts(tools: FoundTools): Promise<string[]> {
  const versions = new Set(Object.values(tools).map((tool) => tool.version));
  const nginx = await output('nginx', ['-v']);
  return [
    `Date: ${new Date().toISOString().slice(0, 10)}`,
    `Processor: ${cpus()[0]?.model.trim() ?? 'unknown'}, ${availableParallelism()} cores: clients on core 0, server on core 1`,
    `Memory: ${Math.round(totalmem() / 2 ** 30)} GiB`,
    `Load average before the start: ${loadavg()[0]?.toFixed(2)} (figures of a busy machine mean little)`,
    `Kernel: Linux ${release()}`,
    `Server: ${nginx?.replace('nginx version: ', '') ?? 'unknown'}`,
    `Tools: ${[...versions].join('; ')}`,
  ];
}
