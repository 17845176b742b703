import type { ResolvedOptions } from '../../model/options/options.ts';
import type { Columns } from '../rows/row.ts';

/** What the user wrote: `--url`, and what is a template because of it. */
export interface TemplateTexts extends Pick<ResolvedOptions, 'header' | 'json' | 'data'> {
  readonly url: string;
}

/** What rows are like in a format. */
export interface RowShape {
  readonly columns: Columns;
  /** The values are JSON; else all of them are text. */
  readonly isTyped: boolean;
}
