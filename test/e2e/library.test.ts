import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { scriptedServer } from '../servers/scripted.ts';
import { ended, start } from './cli.ts';
import { scratch } from './scratch.ts';

const library = pathToFileURL(path.resolve('dist/index.js')).href;

it('the built library fetches from a program of its own, which then ends', async () => {
  await using server = await scriptedServer({
    '/gone': { status: 410 },
    '*': { headers: { 'content-type': 'application/json' }, body: '{"name":"Ada"}' },
  });
  const script = `
    import { bulkFetch } from '${library}';
    const urls = ['1', 'gone', '3'].map((name) => process.argv[2] + '/' + name);
    for await (const record of bulkFetch(urls, { ordered: true })) {
      console.log(record.index, record.ok, record.ok ? record.body.name : record.error.code);
    }
    try {
      bulkFetch(urls, { timeout: 'soon' });
    } catch (error) {
      console.log(error.name);
    }`;
  const cwd = scratch({ 'script.mjs': script });
  expect(await ended(start(process.execPath, ['script.mjs', server.url], { cwd }))).toEqual({
    status: 0,
    stdout: '0 true Ada\n1 false HTTP_STATUS\n2 true Ada\nUsageError\n',
    stderr: '',
  });
});
