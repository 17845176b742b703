/** A request that may not be sent twice. */
export interface SentMark {
  /** Of its task. */
  readonly index: number;
  readonly id: string;
  /** Which page of it, from 1, and where that is. */
  readonly page: number;
  readonly url: string;
}

/** What has to be written down before a request is sent that may not be sent twice. */
export interface SentMarks {
  /**
   * Resolves when the mark survives the death of this process; the request may be sent then. Throws
   * `SinkError`: it may not.
   */
  add(mark: SentMark): Promise<void>;
}
