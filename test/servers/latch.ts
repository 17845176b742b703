/** A door that starts shut. Whoever awaits `opened` passes once `open` has been called. */
export interface Latch {
  readonly opened: Promise<void>;
  open(): void;
}

/** Holds answers back until a test has seen what it wants to see, instead of for a guessed time. */
export function createLatch(): Latch {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { opened: promise, open: resolve };
}
