import { spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';

/**
 * `npm run fuzz`: the properties of this folder with a new seed and many runs, some minutes. FUZZ_SEED
 * repeats a run that found something; FUZZ_RUNS is how often a cheap property runs. Arguments go to vitest.
 */
const { FUZZ_RUNS = '10000', FUZZ_SEED = String(randomInt(2 ** 31)) } = process.env;

console.log(`FUZZ_SEED=${FUZZ_SEED} FUZZ_RUNS=${FUZZ_RUNS}`);
const vitest = [
  'node_modules/vitest/vitest.mjs',
  'run',
  'test/fuzz',
  '--testTimeout',
  String(24 * 3600 * 1000),
];
const env = { ...process.env, FUZZ_RUNS, FUZZ_SEED };
process.exitCode =
  spawnSync(process.execPath, [...vitest, ...process.argv.slice(2)], { env, stdio: 'inherit' }).status ?? 1;
