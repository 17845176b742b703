import type { Milliseconds } from '../../model/units.ts';

/** What is looked at: a connection that is waited for. */
export interface Watched {
  /** Bytes that have come and gone so far. */
  readonly bytes: () => number;
  /** Rejects when the server does not answer somebody else either. */
  readonly probe: () => Promise<void>;
  /** Gives the connection up, so that the answer rejects. */
  readonly giveUp: () => void;
}

/**
 * An answer that may take as long as it takes, as long as the server is there. When its machine vanishes without
 * a word, the system would send again for a quarter of an hour before it gives the connection up.
 */
export async function whileThere<T>(
  answer: Promise<T>,
  { bytes, probe, giveUp }: Watched,
  everyMs: Milliseconds = 10_000,
): Promise<T> {
  let last = bytes();
  let isProbing = false;
  const timer = setInterval(() => {
    const now = bytes();
    if (now === last && !isProbing) {
      isProbing = true;
      probe().then(() => (isProbing = false), giveUp);
    }
    last = now;
  }, everyMs);
  try {
    return await answer;
  } finally {
    clearInterval(timer);
  }
}
