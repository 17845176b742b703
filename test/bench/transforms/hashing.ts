/**
 * Hashes as `hash:sha256,rounds=N` does, on one core and nothing else.
 *
 * usage: hashing.ts COUNT ROUNDS  (seconds on standard output)
 */
import { digest } from '../../../src/transforms/builtins/hash.ts';

const [count, rounds] = process.argv.slice(2).map(Number);
const body = Buffer.alloc(1024, 'x');
digest('sha256', body, rounds ?? 1);
const startedAt = performance.now();
for (let at = 0; at < (count ?? 0); at++) {
  digest('sha256', body, rounds ?? 1);
}
process.stdout.write(`${(performance.now() - startedAt) / 1000}\n`);
