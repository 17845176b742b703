import { messageOf, UsageError } from '../model/errors.ts';
import { didYouMean, nearest } from '../model/near.ts';
import { builtins } from './builtins/index.ts';
import { loadProblem } from './load-error.ts';
import type { TransformSpec } from './spec.ts';
import type { Builtin, Transform } from './transform.ts';

/** A transform, and what the user calls it. */
export interface Step {
  readonly spec: string;
  readonly transform: Transform;
}

/**
 * Loads transforms, in their order. `own`: the folders of this program. Throws a `UsageError` for one that
 * does not load, with the place in its file.
 */
export async function loadChain(specs: readonly TransformSpec[], own: readonly string[]): Promise<Step[]> {
  const steps: Step[] = [];
  for (const spec of specs) {
    const transform = spec.kind === 'module' ? await loadModule(spec, own) : await loadBuiltin(spec);
    steps.push({ spec: spec.spec, transform });
  }
  return steps;
}

async function loadModule(
  spec: Extract<TransformSpec, { kind: 'module' }>,
  own: readonly string[],
): Promise<Transform> {
  let loaded: { default?: unknown };
  try {
    loaded = (await import(spec.url)) as { default?: unknown };
  } catch (error) {
    throw new UsageError(`--transform: ${await loadProblem(error, spec, own)}`, { cause: error });
  }
  const { default: transform } = loaded;
  if (typeof transform === 'function' && !isClass(transform)) {
    return transform as Transform;
  }
  const found =
    transform === undefined
      ? 'has no default export'
      : `has a ${typeof transform === 'function' ? 'class as its default export' : 'default export of another kind'}`;
  throw new UsageError(
    `--transform: ${spec.spec}: ${found}: it must be a function that takes a record and gives one`,
  );
}

/** A class is a function too, but not one that can be called. */
function isClass(transform: object): boolean {
  return /^class\b/.test(Function.prototype.toString.call(transform));
}

async function loadBuiltin({
  spec,
  name,
  argument,
}: Extract<TransformSpec, { kind: 'builtin' }>): Promise<Transform> {
  const known: Readonly<Record<string, Builtin>> = builtins;
  const builtin = Object.hasOwn(known, name) ? known[name] : undefined;
  if (builtin === undefined) {
    const names = Object.keys(known);
    const hint =
      didYouMean(nearest(name, names)) || `: there are ${names.join(', ')}, and modules as in ./hash.ts`;
    throw new UsageError(`--transform: no transform is called ${JSON.stringify(name)}${hint}`);
  }
  try {
    return await builtin.parse(argument);
  } catch (error) {
    if (error instanceof UsageError) {
      throw new UsageError(`--transform: ${spec}: ${messageOf(error)}`, { cause: error });
    }
    throw error;
  }
}
