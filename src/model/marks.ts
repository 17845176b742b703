/** What has to be written down before a request is sent that may not be sent twice. */
export interface SentMarks {
  /**
   * Resolves when the mark of that page of that task survives the death of this process; the request may
   * be sent then. Throws `SinkError`: it may not.
   */
  add(index: number, page: number): Promise<void>;
}
