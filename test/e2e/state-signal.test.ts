import { describe, expect, it } from 'vitest';
import { until } from '../servers/until.ts';
import { ended, lines, startCli, type CliSettings } from './cli.ts';
import { heldServer, logLines } from './watched.ts';

describe('SIGUSR1', () => {
  const asked = async (flags: readonly string[], settings: CliSettings = {}) => {
    const { server, release } = await heldServer();
    const child = startCli([`${server.url}/[1-5]`, '-c', '2', '-q', ...flags], settings);
    const said = { text: '' };
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (said.text += chunk));
    const end = ended(child);
    await until(() => server.received.length === 2);
    child.kill('SIGUSR1');
    await until(() => said.text.includes('/2'));
    release.open();
    const { status, stdout } = await end;
    expect({ status, records: lines(stdout).length }).toEqual({ status: 0, records: 5 });
    return { said: said.text, url: server.url };
  };

  it('shows how the run stands, without any flag', async () => {
    const { said, url } = await asked([]);
    const told = said
      .trim()
      .split('\n')
      .map((line) => line.trim().split(/ {2,}/));
    expect(told[0]![0]).toMatch(/^bulkfetch: 0 of 5 done in [\d.]+ m?s, 0\/s$/);
    expect(told.slice(1)).toMatchObject([
      ['2 in flight, 3 waiting, 2 connections'],
      ['host', 'in flight', 'lanes', 'waiting'],
      [url, '2', '2', '3'],
      ['oldest in flight', 'for', 'attempt', 'awaits'],
      ['0', expect.anything(), '1', 'answer', `${url}/1`],
      ['1', expect.anything(), '1', 'answer', `${url}/2`],
    ]);
  });

  it.each(['compare', 'doctor'])('opens no debugger where there is no run to show: %s', async (command) => {
    const { server, release } = await heldServer();
    const child = startCli([command, server.url]);
    const end = ended(child);
    await until(() => server.received.length === 1);
    child.kill('SIGUSR1');
    release.open();
    const { status, stderr } = await end;
    expect(status).toBe(0);
    expect(stderr).not.toContain('Debugger');
  });

  it('does so in the log, whatever its level', async () => {
    const { said, url } = await asked(['--debug', '--log-level', 'error', '--log-format', 'json']);
    expect(logLines(said)).toMatchObject([
      {
        event: 'state',
        inFlight: 2,
        waiting: 3,
        busiest: [{ origin: url }],
        oldest: [{ id: '0' }, { id: '1' }],
      },
    ]);
  });
});
