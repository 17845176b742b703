import { exec, type ExecException } from 'node:child_process';
import { bearerForm, bearerToken } from '../../model/field.ts';
import type { Milliseconds } from '../../model/units.ts';

/** What the command printed. */
export interface GrantedToken {
  readonly token: string;
  /** How long it is good for, when that was said. */
  readonly lifetimeMs: Milliseconds | undefined;
}

/** Why there is no token, in one line that does not hold what the command printed on standard output. */
export class TokenError extends Error {
  override readonly name = 'TokenError';
}

const longest: Milliseconds = 60_000;

/**
 * Runs a command with the system's shell, without input, for a minute at the most. It prints a bearer
 * token, alone or as JSON with `access_token` and `expires_in` seconds (RFC 6749, 5.1). Throws a
 * `TokenError`, which for a command that fails ends with the last line of its standard error.
 */
export async function runTokenCommand(
  command: string,
  signal: AbortSignal,
  timeoutMs = longest,
): Promise<GrantedToken> {
  const printed = await new Promise<string>((resolve, reject) => {
    const child = exec(command, { signal, timeout: timeoutMs, windowsHide: true }, (error, stdout, stderr) =>
      error === null ? resolve(stdout) : reject(new TokenError(describe(error, stderr, timeoutMs))),
    );
    child.stdin?.on('error', () => {}); // it may end before it is told that there is no input
    child.stdin?.end();
  });
  return parseToken(printed.trim());
}

function describe(error: ExecException, stderr: string, timeoutMs: Milliseconds): string {
  const { code, signal, killed } = error;
  const how =
    killed === true && signal === 'SIGTERM'
      ? `has not ended within ${timeoutMs} ms`
      : typeof code === 'number'
        ? `exited with status ${code}`
        : typeof signal === 'string'
          ? `was ended by ${signal}`
          : `cannot be run (${String(code)})`;
  const last = stderr.trim().split('\n').at(-1)?.trim() ?? '';
  return last === '' ? how : `${how}: ${last}`;
}

function parseToken(text: string): GrantedToken {
  return text.startsWith('{') ? fromJson(text) : { token: checked(text), lifetimeMs: undefined };
}

function fromJson(text: string): GrantedToken {
  let answer: { readonly access_token?: unknown; readonly expires_in?: unknown };
  try {
    answer = JSON.parse(text) as object;
  } catch {
    throw new TokenError('printed what begins like JSON and is not');
  }
  const { access_token: token, expires_in: seconds } = answer;
  if (typeof token !== 'string') {
    throw new TokenError('printed JSON without an access_token');
  }
  const lifetimeMs = Number(seconds) * 1000; // some servers send the number as text
  return { token: checked(token), lifetimeMs: lifetimeMs > 0 ? lifetimeMs : undefined };
}

function checked(token: string): string {
  if (token === '') {
    throw new TokenError('printed no token');
  }
  if (!bearerToken.test(token)) {
    throw new TokenError(`printed no bearer token: it ${bearerForm}`);
  }
  return token;
}
