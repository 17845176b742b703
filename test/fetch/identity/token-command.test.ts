import { describe, expect, it } from 'vitest';
import { runTokenCommand, TokenError } from '../../../src/fetch/identity/token-command.ts';

const { signal } = new AbortController();

describe('runTokenCommand', () => {
  it.each([
    ['echo tok-1', { token: 'tok-1', lifetimeMs: undefined }],
    ['printf tok-1', { token: 'tok-1', lifetimeMs: undefined }],
    [`echo '{"access_token":"tok-1","expires_in":3600}'`, { token: 'tok-1', lifetimeMs: 3_600_000 }],
    [`echo '{"access_token":"tok-1","expires_in":"90"}'`, { token: 'tok-1', lifetimeMs: 90_000 }],
    [`echo '{"access_token":"tok-1","expires_in":0}'`, { token: 'tok-1', lifetimeMs: undefined }],
    [`echo '{"access_token":"tok-1"}'`, { token: 'tok-1', lifetimeMs: undefined }],
    ['cat; echo tok-1', { token: 'tok-1', lifetimeMs: undefined }], // there is no input to wait for
  ])('%s', async (command, expected) => {
    expect(await runTokenCommand(command, signal)).toEqual(expected);
  });

  it.each([
    ['true', 'printed no token'],
    [
      'echo Bearer s3cret',
      'printed no bearer token: it must be a token of visible ASCII characters, without spaces',
    ],
    ["echo '{s3cret'", 'printed what begins like JSON and is not'],
    [`echo '{"token":"s3cret"}'`, 'printed JSON without an access_token'],
    ['echo s3cret; exit 7', 'exited with status 7'],
    ['echo first >&2; echo no such account >&2; exit 1', 'exited with status 1: no such account'],
    ['kill -9 $$', 'was ended by SIGKILL'],
  ])('%s: %s', async (command, message) => {
    await expect(runTokenCommand(command, signal)).rejects.toThrow(new TokenError(message));
  });

  it('does not wait for ever', async () => {
    await expect(runTokenCommand('sleep 60', signal, 50)).rejects.toThrow(
      new TokenError('has not ended within 50 ms'),
    );
  });

  it('ends when it is aborted', async () => {
    const abort = new AbortController();
    const running = runTokenCommand('sleep 60', abort.signal);
    abort.abort();
    await expect(running).rejects.toThrow(TokenError);
  });
});
