import type { InputFormat } from '../model/options/run-options.ts';
import type { Task } from '../model/task.ts';
import type { SourceContext } from './source.ts';
import type { TemplateTexts } from './templates/template-texts.ts';

/** A text to be read: its name for people (`users.csv`), and its bytes, decompressed. */
export interface Text {
  readonly name: string;
  /** Each chunk may be overwritten by the next. */
  readonly chunks: AsyncIterable<Uint8Array>;
}

/** What the user said that bears on how texts are understood. */
export interface FormatSettings {
  /** `--input-format`; without it, the ending of the name or the first byte tells. */
  readonly inputFormat?: InputFormat | undefined;
  /** `--url` and what is a template with it: then texts hold rows. */
  readonly templates?: TemplateTexts | undefined;
}

/** Makes tasks of texts in one format. */
export interface FormatReader {
  /**
   * The tasks, in batches of `batchSize` at most, those that a chunk completes at once. What cannot be
   * understood is an invalid task, told to `context.onInvalid` as `name:line: reason`. Throws a
   * `UsageError` for a text that is of no use at all.
   */
  read(text: Text, context: SourceContext): AsyncGenerator<readonly Task[], void, undefined>;
  /** How many tasks `read` makes of the same text. */
  count(text: Text): Promise<number>;
  /** Looks at the beginning of a file before anything is fetched; throws a `UsageError`. */
  check?(text: Text): Promise<void>;
}
