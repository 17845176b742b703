/** The rows that a table does not have, for what was handed to it. */
export interface Shortfall {
  /** For people: `table users of app.db`. */
  readonly table: string;
  /** Records of tasks that failed, which have no row there by intent. */
  readonly failed: number;
  /** Rows that the database did not take; each was told. */
  readonly refused: number;
}
