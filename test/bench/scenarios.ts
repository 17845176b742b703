import { atLeast, atMost, timesAsFast, type FigureRule } from './figures.ts';
import { hostList, pathList, shuffled } from './lists.ts';
import type { Server } from './types.ts';
import type { ToolName } from './tools.ts';

/** One workload that all tools run in turn. */
export interface Scenario {
  readonly id: string;
  readonly title: string;
  readonly urls: number;
  readonly inFlight: number;
  readonly list: (server: Server, urls: number) => readonly string[];
  readonly tools: readonly ToolName[];
  /** Counts bulkfetch's open sockets in one more run. */
  readonly countSockets?: true;
  readonly figures: readonly FigureRule[];
}

/** What the project promises, as data. */
export const scenarios: readonly Scenario[] = [
  {
    id: 'S1',
    title: '100,000 URLs, 1 KB of JSON, no latency, 50 in flight',
    urls: 100_000,
    inFlight: 50,
    list: (server, urls) => pathList(`${server.http}/users/`, urls),
    tools: ['bulkfetch', 'bulkfetch-no-body', 'wget2', 'curl', 'aiohttp', 'got'],
    figures: [
      timesAsFast('bulkfetch', 'curl', 2.5),
      timesAsFast('bulkfetch', 'wget2', 1),
      timesAsFast('bulkfetch-no-body', 'wget2', 1.1),
    ],
  },
  {
    id: 'S2',
    title: '1,000 URLs of 100 ms, 50 in flight (ideal 2.00 s)',
    urls: 1_000,
    inFlight: 50,
    list: (server, urls) => pathList(`${server.http}/slow100/`, urls),
    tools: ['bulkfetch', 'wget2', 'curl', 'aiohttp', 'got', 'aria2c'],
    figures: [
      atMost('engine', 2.08, 's', (result) => result.medians.bulkfetch?.engineSeconds),
      atMost('whole process', 2.2, 's', (result) => result.medians.bulkfetch?.seconds),
    ],
  },
  {
    id: 'S3',
    title: '50,000 URLs of 20 ms, 1,000 in flight (curl: 300, its limit)',
    urls: 50_000,
    inFlight: 1_000,
    list: (server, urls) => pathList(`${server.http}/slow20/`, urls),
    tools: ['bulkfetch', 'wget2', 'curl', 'aiohttp', 'got'],
    figures: [timesAsFast('bulkfetch', 'wget2', 1)],
  },
  {
    id: 'S4-sorted',
    title: '2,000 hosts x 10 URLs, in host order, 50 in flight',
    urls: 20_000,
    inFlight: 50,
    list: (server, urls) => hostList(server.hostsPort, urls, 10),
    tools: ['bulkfetch', 'wget2', 'curl', 'aiohttp'],
    countSockets: true,
    figures: [
      timesAsFast('bulkfetch', 'wget2', 1.2),
      atMost('sockets open at once', 50, '', (result) => result.peakSockets),
    ],
  },
  {
    id: 'S4-shuffled',
    title: '2,000 hosts x 10 URLs, shuffled, 50 in flight',
    urls: 20_000,
    inFlight: 50,
    list: (server, urls) => shuffled(hostList(server.hostsPort, urls, 10)),
    tools: ['bulkfetch', 'wget2', 'curl', 'aiohttp'],
    countSockets: true,
    figures: [
      timesAsFast('bulkfetch', 'wget2', 1),
      atMost('sockets open at once', 50, '', (result) => result.peakSockets),
    ],
  },
  {
    id: 'S5',
    title: '50,000 URLs over HTTPS (TLS 1.3, P-256), 50 in flight',
    urls: 50_000,
    inFlight: 50,
    list: (server, urls) => pathList(`${server.https}/users/`, urls),
    tools: ['bulkfetch', 'wget2', 'curl', 'aiohttp'],
    figures: [timesAsFast('bulkfetch', 'curl', 1.7), timesAsFast('bulkfetch', 'wget2', 0.8)],
  },
  {
    id: 'S6',
    title: '50,000 URLs of 1 s, 5,000 in flight (ideal 10.0 s)',
    urls: 50_000,
    inFlight: 5_000,
    list: (server, urls) => pathList(`${server.http}/slow1000/`, urls),
    tools: ['bulkfetch', 'wget2', 'aiohttp'],
    countSockets: true,
    figures: [
      timesAsFast('bulkfetch', 'wget2', 1),
      atLeast('records that are ok', 100, '%', (result) => result.okShare.bulkfetch),
      atMost('sockets open at once', 5_000, '', (result) => result.peakSockets),
    ],
  },
];
