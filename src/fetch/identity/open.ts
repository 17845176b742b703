import { hasField } from '../../model/field.ts';
import type { ResolvedOptions } from '../../model/options/options.ts';
import type { RequestSpec } from '../../model/task.ts';
import type { ResponseHeaders } from '../http/response-head.ts';
import type { Job } from '../job.ts';
import { openCookies, type Cookies } from './cookies.ts';
import { openCredentials, setsAuthorization, type Credentials } from './credentials.ts';
import { idempotencyKey, takesKey } from './idempotency-key.ts';
import type { Identity, IdentitySettings } from './identity.ts';
import { Tokens } from './tokens.ts';
import { Wardrobe } from './wardrobe.ts';

/**
 * Reads the files and runs the command that say who we are. Throws a `UsageError` for those that
 * cannot be had, and a `SinkError` for a cookie jar that could not be written in the end.
 */
export async function openIdentity(options: ResolvedOptions, settings: IdentitySettings): Promise<Identity> {
  const credentials = openCredentials(options);
  const cookies = await openCookies(options);
  const { tokenCommand } = options;
  const tokens =
    tokenCommand === undefined || setsAuthorization(options)
      ? undefined
      : await Tokens.open(tokenCommand, settings);
  return new OwnIdentity({ credentials, cookies, tokens, hasKeys: options.idempotencyKey });
}

interface Parts {
  readonly credentials: Credentials;
  readonly cookies: Cookies | undefined;
  readonly tokens: Tokens | undefined;
  readonly hasKeys: boolean;
}

/** What a task or `-H` says itself always stands; a cookie header of its own is added to. */
class OwnIdentity implements Identity {
  readonly #parts: Parts;
  readonly #wardrobe = new Wardrobe();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  get isRenewing(): boolean {
    return this.#parts.tokens?.isRenewing === true;
  }

  dress(job: Job, request: RequestSpec): RequestSpec {
    const { credentials, cookies, tokens, hasKeys } = this.#parts;
    const fields: string[] = [];
    if (!hasField(request.headers, 'authorization')) {
      const authorization = tokens?.authorization(job) ?? credentials(job);
      if (authorization !== undefined) {
        fields.push('authorization', authorization);
      }
    }
    if (hasKeys && takesKey(job, request)) {
      fields.push('idempotency-key', idempotencyKey(job, request));
    }
    return this.#wardrobe.dress(request, fields, cookies?.of(job));
  }

  onHead(job: Job, status: number, headers: ResponseHeaders): void {
    this.#parts.tokens?.onStatus(job, status);
    this.#parts.cookies?.onHead(job.url, headers);
  }

  renew(job: Job): Promise<boolean> | undefined {
    return this.#parts.tokens?.renew(job);
  }

  async close(): Promise<void> {
    this.#parts.tokens?.close();
    await this.#parts.cookies?.close();
  }
}
