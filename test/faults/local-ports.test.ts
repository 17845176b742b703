import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { lines, quote, shell } from '../e2e/cli.ts';
import { scratch } from '../e2e/scratch.ts';

/** A server that closes each connection, so that its client needs a new local port every time. */
const server = `
import http from 'node:http';
const answer = (_, response) => response.setHeader('connection', 'close').end('ok');
http.createServer(answer).listen(8080, '127.0.0.1', () => console.log('listening'));
`;

/** A network of its own has its own ports. Not every machine lets us have one, or has `ip`. */
const inNetwork = 'unshare --map-root-user --net bash -c';
const mayHaveOne = spawnSync('bash', ['-c', `${inNetwork} 'ip link set lo up'`]).status === 0;

// Left to do where it cannot be done; what it leads to is under test in fetch/behaviour too.
(mayHaveOne ? it : it.todo)('10 local ports are enough for 30 connections, one after the other', async () => {
  const cwd = scratch({ 'server.mjs': server });
  const script = [
    'ip link set lo up',
    'echo 40000 40009 > /proc/sys/net/ipv4/ip_local_port_range',
    'echo 1 > /proc/sys/net/ipv4/tcp_tw_reuse', // after a second instead of a minute
    `exec 3< <(exec ${quote(process.execPath)} server.mjs)`,
    'server=$!; read -u 3',
    'bulkfetch "http://127.0.0.1:8080/[1-30]" -c 20 --retry 8 --retry-delay 50ms --retry-factor 1',
    'status=$?; kill $server; exit $status',
  ].join('\n');
  const result = await shell(`export -f bulkfetch; ${inNetwork} ${quote(script)}`, { cwd });
  expect(result.stderr).toContain('30 ok');
  const records = lines(result.stdout);
  expect(records.filter(({ ok }) => ok)).toHaveLength(30);
  expect(Math.max(...records.map(({ attempts }) => attempts))).toBeGreaterThan(1);
  expect(result.status).toBe(0);
});
