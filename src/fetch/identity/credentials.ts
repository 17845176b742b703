import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { messageOf, UsageError } from '../../model/errors.ts';
import type { ResolvedOptions } from '../../model/options/options.ts';
import { basic } from '../../model/url.ts';
import type { Job } from '../job.ts';
import { parseNetrc, type Netrc } from './netrc.ts';

/** The value of the `Authorization` field for the job's next exchange, when it gets one. */
export type Credentials = (job: Job) => string | undefined;

/** Whether `-H` sets the field, or drops it with `Authorization:`: then that counts for all tasks. */
export function setsAuthorization({ header }: ResolvedOptions): boolean {
  return header.some((line) => /^\s*authorization\s*[:;]/i.test(line));
}

/**
 * What `--user`, `--bearer` and netrc files say. The first two are for the origins of the input and
 * stay there when a redirect leads away; a netrc file says itself which host gets what. Throws a `UsageError` for two credentials and for a bad file.
 */
export function openCredentials(options: ResolvedOptions): Credentials {
  const { user, bearer } = options;
  refuseTwo(options);
  const netrc = openNetrc(options);
  if (setsAuthorization(options)) {
    return () => undefined;
  }
  const everywhere =
    user !== undefined ? basicOf(user) : bearer !== undefined ? `Bearer ${bearer}` : undefined;
  return (job) => (job.origin === job.task.origin ? everywhere : undefined) ?? (netrc && ofHost(job, netrc));
}

function refuseTwo({ user, bearer, tokenCommand }: ResolvedOptions): void {
  const given = Object.entries({ '--user': user, '--bearer': bearer, '--token-command': tokenCommand })
    .filter(([, value]) => value !== undefined)
    .map(([flag]) => flag);
  if (given.length > 1) {
    throw new UsageError(`${given.join(' and ')} are different credentials: give one of them`);
  }
}

function basicOf(user: string): string {
  const colon = user.indexOf(':');
  return colon === -1 ? basic(user, '') : basic(user.slice(0, colon), user.slice(colon + 1));
}

/** A password that was meant for https does not go out in clear because a redirect says http. */
function ofHost({ origin, task }: Job, netrc: Netrc): string | undefined {
  const isWeaker = origin.startsWith('http:') && task.origin.startsWith('https:');
  const login = isWeaker ? undefined : netrc.of(new URL(origin).hostname);
  return login && basic(login.name, login.password);
}

function openNetrc({ netrc, netrcFile }: ResolvedOptions): Netrc | undefined {
  if (!netrc && netrcFile === undefined) {
    return undefined;
  }
  const flag = netrcFile === undefined ? '--netrc' : '--netrc-file';
  const file = netrcFile ?? homeFile();
  return parseNetrc(read(file, flag), file);
}

/** On Windows it may be called `_netrc`, as for curl. */
function homeFile(): string {
  const names = process.platform === 'win32' ? ['.netrc', '_netrc'] : ['.netrc'];
  const files = names.map((name) => path.join(os.homedir(), name));
  return files.find((file) => fs.existsSync(file)) ?? files[0]!;
}

function read(file: string, flag: string): string {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`${flag}: cannot read ${file}: ${messageOf(error)}`);
  }
}
