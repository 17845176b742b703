import { resolveOptions } from '../../../src/model/options/options.ts';
import { runChain } from '../../../src/transforms/chain.ts';
import { loadChain } from '../../../src/transforms/load.ts';
import { parseSpec } from '../../../src/transforms/spec.ts';
import type { TransformRecord } from '../../../src/transforms/transform.ts';

/** What is unlike a plain answer. */
export interface Settings {
  readonly contentType?: string;
  readonly maxBody?: number;
  /** Further fields of the record. */
  readonly more?: Partial<TransformRecord>;
}

/** The record that transforms make of an answer, with its body; throws why they cannot. */
export async function through(
  specs: readonly string[],
  body: string | Uint8Array,
  { contentType, maxBody = 100_000, more = {} }: Settings = {},
): Promise<TransformRecord> {
  const steps = await loadChain(specs.map(parseSpec), []);
  const first: TransformRecord = {
    index: 0,
    id: '0',
    url: 'https://example.com/shop/page',
    ok: true,
    headers: contentType === undefined ? {} : { 'content-type': contentType },
    ...more,
  };
  const ended = await runChain(steps, first, typeof body === 'string' ? Buffer.from(body) : body, {
    body: resolveOptions({}).body,
    maxBody,
    timeoutMs: 10_000,
    onStep: () => {},
    onLog: () => {},
    own: [],
  });
  if ('problem' in ended) {
    throw new Error(`${ended.problem.code}: ${ended.problem.message}`);
  }
  return ended.record!;
}

/** What they put into `result`. */
export async function resultOf(
  specs: readonly string[],
  body: string | Uint8Array,
  settings?: Settings,
): Promise<unknown> {
  return (await through(specs, body, settings)).result;
}

/** Why a transform does not load; undefined: it does. */
export async function refusal(spec: string): Promise<string | undefined> {
  try {
    await loadChain([parseSpec(spec)], []);
    return undefined;
  } catch (error) {
    return error instanceof Error && error.name === 'UsageError'
      ? error.message
      : `no UsageError: ${String(error)}`;
  }
}
