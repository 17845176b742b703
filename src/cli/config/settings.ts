/** The value of an option as somebody wrote it, and where. */
export interface Setting {
  readonly value: unknown;
  /** The place: `bulkfetch.config.json:3`, `BULKFETCH_RATE`, `--rate`. */
  readonly from: string;
  /** The option there, as a message about it begins: `bulkfetch.config.json:3: rate`, `BULKFETCH_RATE`. */
  readonly name: string;
}

/** Settings by option (`perHostRate`). */
export type Settings = ReadonlyMap<string, Setting>;
