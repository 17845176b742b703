/** Counts what is under way, overall and by key. */
export interface Flights {
  readonly now: number;
  readonly peak: number;
  /** The peak of each key. */
  readonly peaks: ReadonlyMap<string, number>;
  /** One more is under way, until what this returns is called. */
  take(key: string): () => void;
}

/** Starts with nothing under way. */
export function createFlights(): Flights {
  const current = new Map<string, number>();
  const peaks = new Map<string, number>();
  let now = 0;
  let peak = 0;
  return {
    get now() {
      return now;
    },
    get peak() {
      return peak;
    },
    peaks,
    take(key) {
      const ofKey = (current.get(key) ?? 0) + 1;
      current.set(key, ofKey);
      peaks.set(key, Math.max(peaks.get(key) ?? 0, ofKey));
      now++;
      peak = Math.max(peak, now);
      return () => {
        now--;
        current.set(key, current.get(key)! - 1);
      };
    },
  };
}
