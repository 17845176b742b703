import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { cli, lines } from './cli.ts';
import { scratch } from './scratch.ts';

/** Each demonstration takes ten seconds, nearly all of it waiting: both run at once. */
it('fetches 100 users into a file, at more than 20 times the speed of one after the other', async () => {
  const runs = [
    { args: [], file: 'users.jsonl' },
    { args: ['-o', 'people.jsonl'], file: 'people.jsonl' },
  ];
  await Promise.all(
    runs.map(async ({ args, file }) => {
      const cwd = scratch();
      const { status, stdout, stderr } = await cli(['demo', ...args], { cwd });
      expect(status).toBe(0);
      const records = lines(readFileSync(path.join(cwd, file), 'utf8'));
      expect(records).toHaveLength(100);
      expect(records.filter(({ ok, status }) => ok && status === 200)).toHaveLength(100);
      // Not a matter of the machine's speed, but the claim: 100 waits of 100 ms, 50 at once.
      expect(Number(/ ([\d.]+)x /.exec(stdout)?.[1])).toBeGreaterThan(20);
      expect(stderr).toContain(`The 100 users stand in ${file}, one JSON line each.\n`);
    }),
  );
});

it('exit 3 at once when the file cannot be written', async () => {
  expect(await cli(['demo', '-o', 'nowhere/users.jsonl'], { cwd: scratch() })).toEqual({
    status: 3,
    stdout: '',
    stderr:
      "bulkfetch: cannot write nowhere/users.jsonl: ENOENT: no such file or directory, open 'nowhere/users.jsonl'\n",
  });
});
