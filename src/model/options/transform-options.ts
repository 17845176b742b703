import * as z from 'zod/mini';
import { count, duration } from './forms.ts';
import { fetchShape, parseOptions, type ResolvedOptions } from './options.ts';

const form = 'must name a transform, as in ./hash.ts or hash:sha256';
const spec = z.string({ error: form }).check(z.minLength(1, form));

/** Programs give functions, which stay in their thread. */
function formOf({ input }: { readonly input?: unknown }): string {
  const isFunction = [input].flat().some((one) => typeof one === 'function');
  return isFunction
    ? 'a function cannot go to another thread: name the module that exports it, as in ./hash.ts'
    : form;
}

/** What records go through on their way to the outputs. */
export const transformShape = {
  /** Modules and built-ins, one after the other. */
  transform: z._default(
    z.pipe(
      z.union([spec, z.array(spec)], { error: formOf }),
      z.transform((value): readonly string[] => [value].flat()),
    ),
    [],
  ),
  /** Threads that they run on; absent: one less than this machine has cores. */
  transformWorkers: z.optional(count),
  /** Limit of all transforms of one record. 0: none. */
  transformTimeout: z._default(duration, 30_000),
  /** Records that they drop have no line at all. */
  omitDropped: z._default(z.boolean(), false),
};

const shape = z.strictObject(transformShape);

/** Those options as a user writes them. */
export type TransformOptions = Partial<z.input<typeof shape>>;

/** Those options as the program uses them. */
export type ResolvedTransformOptions = Readonly<z.output<typeof shape>>;

const librarySchema = z.strictObject({ ...fetchShape, ...transformShape });

/** The options of a program: those of a fetch, and of transforms. */
export type LibraryOptions = Partial<z.input<typeof librarySchema>>;

/** Validates and completes the options of a program. Throws a `UsageError` that names each wrong one and its form. */
export function resolveLibraryOptions(input: LibraryOptions): ResolvedOptions & ResolvedTransformOptions {
  return parseOptions(librarySchema, input);
}
