import vm from 'node:vm';
import * as fc from 'fast-check';
import { it } from 'vitest';

/** Runs of a property, and the seed of them all: few and the same in `npm test`, many and new in `npm run fuzz`. */
const runs = Number(process.env['FUZZ_RUNS'] ?? 150);
const seed = Number(process.env['FUZZ_SEED'] ?? 1);

/** No input is large enough to take as long, not even on a machine that is busy. */
const hangMs = 10_000;

/**
 * A test that `check` holds for arbitrary inputs. An input that hangs fails it too, as one that throws
 * does, and is told. `cost`: one run takes about as long as so many of a common property.
 */
export function fuzz<T>(
  name: string,
  inputs: fc.Arbitrary<T>,
  check: (input: T) => void | Promise<void>,
  cost = 1,
): void {
  it(name, () =>
    fc.assert(
      fc.asyncProperty(inputs, async (input) => interruptible(() => check(input))),
      { seed, numRuns: Math.ceil(runs / cost), timeout: hangMs },
    ),
  );
}

const box = vm.createContext({ run: undefined });
const call = new vm.Script('run()');

/** Calls it, and throws when it does not return: of all means, only this stops a loop or a regular expression. */
function interruptible<R>(run: () => R): R {
  let result: { readonly value: R } | undefined;
  box['run'] = () => {
    result = { value: run() };
  };
  call.runInContext(box, { timeout: hangMs });
  return result!.value;
}
