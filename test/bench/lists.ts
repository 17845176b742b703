/** `count` URLs that differ in their last path segment, from 1. */
export function pathList(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}${index + 1}`);
}

/** `count` URLs in host order, `perHost` of them to each address of 127.0.0.0/8. */
export function hostList(port: number, count: number, perHost: number): string[] {
  return Array.from({ length: count }, (_, index) => {
    const host = Math.floor(index / perHost);
    return `http://127.1.${1 + Math.floor(host / 250)}.${1 + (host % 250)}:${port}/users/${index + 1}`;
  });
}

/** A copy in an order that is the same on every run: Fisher-Yates over a seeded generator. */
export function shuffled<T>(items: readonly T[], seed = 20): T[] {
  const random = mulberry32(seed);
  const copy = [...items];
  for (let last = copy.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    [copy[last], copy[other]] = [copy[other]!, copy[last]!];
  }
  return copy;
}

/** Tommy Ettinger's mulberry32: 32 bits of state, good enough to shuffle. Values in [0, 1). */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
