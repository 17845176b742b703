import type { Compression } from './compressed.ts';

export type { Compression } from './compressed.ts';

/** How an output of that name is compressed. */
export function compressionOf(spec: string): Compression | undefined {
  return spec.endsWith('.gz') ? 'gzip' : spec.endsWith('.zst') ? 'zstd' : undefined;
}
