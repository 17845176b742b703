import type { Task } from '../model/task.ts';
import type { FormatSettings } from './reader.ts';
import type { Pattern } from './urls/pattern.ts';
import type { Source, SourceContext } from './source.ts';

/** One argument of a run, checked but not yet read: a link of the chain. */
export interface SourcePart {
  /** For people, as in `Source`. */
  readonly name: string;
  /** How many tasks it holds, where that is known without reading it. */
  readonly size?: number;
  /** Its tasks, in batches. Called once, when the chain reaches it; once `signal` is aborted, waits no longer. */
  read(context: SourceContext, signal: AbortSignal): AsyncGenerator<readonly Task[], void, undefined>;
  /** Counts the tasks by reading ahead of the run, where it can be read twice. */
  count?(): Promise<number>;
}

/** Tasks that are not fetched, though they are in the input. */
export interface LeftOut {
  readonly tasks: number;
  /** Those of them that ask for the same as an earlier one. */
  readonly duplicates: number;
}

/** A source that can say how many tasks it holds, though perhaps not at once. */
export interface CountableSource extends Source {
  count?(): Promise<number>;
  /** What a selection has left out so far. */
  leftOut?(): LeftOut;
  /** How many tasks were passed over so far because they are done; `size` and `count` have them still. */
  passedOver?(): number;
}

/** A kind of argument: how to tell it, and how to open it. */
export interface Opener {
  accepts(argument: string): boolean;
  /** Throws a `UsageError` for what cannot be read, before anything is fetched. */
  open(argument: string, settings: OpenerSettings): SourcePart | Promise<SourcePart>;
}

/** What the user said that bears on how arguments are understood. */
export interface OpenerSettings extends FormatSettings {
  /** `--ids`, for `{id}` in URLs. */
  readonly ids: Pattern | undefined;
  /** Brackets and braces in URLs stand for themselves. */
  readonly globoff: boolean;
  /** What `-` reads. */
  readonly stdin: AsyncIterable<Uint8Array>;
}
