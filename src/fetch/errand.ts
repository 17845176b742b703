import type { FetchRecord } from '../model/record.ts';
import type { Bytes } from '../model/units.ts';
import { Job, type Start } from './job.ts';

/** What an errand is for, and its own limits. */
export interface ErrandSettings {
  readonly maxBody: Bytes;
  readonly maxRedirs: number;
  /** Told how it ended. */
  readonly onRecord: (record: FetchRecord) => void;
}

/**
 * A job that is no task's: the engine fetches something for itself, with all that tasks have (retries,
 * redirects, limits of time), and its record is not published. Its body is kept as text.
 */
export class Errand extends Job {
  readonly #settings: ErrandSettings;

  constructor(start: Start, settings: ErrandSettings) {
    // Without the origin of a task it gets no password or token: those are for the hosts of the input.
    super({ ...start, index: -1, origin: '' }, start);
    this.#settings = settings;
  }

  override get maxBody(): Bytes {
    return this.#settings.maxBody;
  }

  override get maxRedirs(): number {
    return this.#settings.maxRedirs;
  }

  /** Hands its record over. */
  settle(record: FetchRecord): void {
    this.#settings.onRecord(record);
  }
}
