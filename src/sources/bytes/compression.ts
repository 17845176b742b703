/** How a file is compressed. */
export type Compression = keyof typeof endings;

const endings = { gzip: '.gz', zstd: '.zst' } as const;

/** What the ending of a file's name says of its compression, and the name without that ending. */
export function compressionOf(name: string): { compression: Compression | undefined; inner: string } {
  const lower = name.toLowerCase();
  for (const compression of ['gzip', 'zstd'] as const) {
    if (lower.endsWith(endings[compression])) {
      return { compression, inner: name.slice(0, -endings[compression].length) };
    }
  }
  return { compression: undefined, inner: name };
}
