import type { CookieJar } from './cookie-jar.ts';
import { UsageError } from '../../model/errors.ts';
import { fieldValue } from '../../model/field.ts';
import type { ResolvedOptions } from '../../model/options/options.ts';
import type { ResponseHeaders } from '../http/response-head.ts';
import type { Job } from '../job.ts';

/** The cookies of a run. */
export interface Cookies {
  /** The Cookie field for the job's next exchange, when there is one. */
  of(job: Job): string | undefined;
  /** The head of an answer has come from that URL. */
  onHead(url: string, headers: ResponseHeaders): void;
  /** Writes the jar. Throws a `SinkError`. */
  close(): Promise<void>;
}

/**
 * What `--cookie` and `--cookie-jar` ask for, as with curl: text with a `=` is sent as it is, to the
 * origins of the input only; anything else is a file of cookies, which may be missing when it is the
 * jar to be written. A file or a jar has the cookies of answers kept and sent where they belong.
 * Throws a `UsageError` for a file that cannot be read, and a `SinkError` for a jar that cannot be
 * written.
 */
export async function openCookies({ cookie, cookieJar }: ResolvedOptions): Promise<Cookies | undefined> {
  const literal = cookie
    .filter((text) => text.includes('='))
    .map((text) => text.trim())
    .join('; ');
  if (!fieldValue.test(literal)) {
    throw new UsageError('--cookie: must be of Latin-1 characters without line breaks'); // it is a secret
  }
  const files = cookie.filter((text) => !text.includes('='));
  const jar = await openJar(files, cookieJar);
  if (literal === '' && jar === undefined) {
    return undefined;
  }
  return {
    of: (job) => {
      const parts = [jar?.of(job.url), job.origin === job.task.origin ? literal : ''];
      return parts.filter(Boolean).join('; ') || undefined;
    },
    onHead: (url, headers) => jar?.onHead(url, headers),
    close: async () => jar?.close(),
  };
}

async function openJar(files: readonly string[], path: string | undefined): Promise<CookieJar | undefined> {
  if (files.length === 0 && path === undefined) {
    return undefined;
  }
  const { CookieJar } = await import('./cookie-jar.ts');
  return CookieJar.open(files, path);
}
