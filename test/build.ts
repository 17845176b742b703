import { execFileSync } from 'node:child_process';

/** Vitest's global set-up: the end-to-end tests run the built command, so it has to be that of this source. */
export default function build(): void {
  execFileSync('node_modules/.bin/rolldown', ['--config', 'rolldown.config.js', '--log-level', 'warn'], {
    stdio: 'inherit',
  });
}
