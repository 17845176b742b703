import type { Entry } from './entry.ts';
import { readEntries, type OutputText } from './read-entries.ts';
import { UrlTable } from './url-table.ts';

/** How a journal is read. */
export interface JournalSettings {
  /** A task with so many pages has ended, wherever the last one leads. */
  readonly maxPages: number;
  /** Told of the files that records name. */
  readonly onFile?: ((file: string) => void) | undefined;
  /** The record is to be taken out, so that its task is fetched again. */
  readonly isDropped?: ((entry: Entry) => boolean) | undefined;
}

/** A task whose last page is not there yet. */
export interface OpenTask {
  /** The last one that is there. */
  readonly page: number;
  /** Where the one after it is. */
  readonly next: string;
  /** The URLs of those that are there. */
  readonly visited: string[];
}

/** What an output says has been done: a fold over its lines. */
export class Journal {
  readonly urls = new UrlTable();
  /** Tasks between two pages, by index. */
  readonly open = new Map<number, OpenTask>();
  /** Tasks that failed, by code. */
  readonly failures = new Map<string, number>();
  failed = 0;
  /** Lines about what has a line already. */
  duplicates = 0;
  /** Tasks of which a record is to be taken out. */
  readonly dropped = new UrlTable();
  /** Of all whole lines. */
  bytes = 0;
  /** Bytes after the last line. */
  torn = 0;
  readonly #maxPages: number;

  constructor(maxPages: number) {
    this.#maxPages = maxPages;
  }

  /** Tasks of which nothing is missing. */
  get done(): number {
    return this.urls.count - this.open.size;
  }

  /** Nothing is missing of the task. */
  isDone(index: number): boolean {
    return this.urls.has(index) && !this.open.has(index);
  }

  /** There is a record of that page, or one that ended the task. */
  has(index: number, page: number): boolean {
    return this.urls.has(index) && page <= (this.open.get(index)?.page ?? Number.POSITIVE_INFINITY);
  }

  add({ index, ok, url, page = 1, next, error }: Entry): void {
    if (this.has(index, page)) {
      this.duplicates++;
      return;
    }
    const before = this.open.get(index);
    if (before === undefined) {
      this.urls.add(index, page === 1 ? url : undefined);
    }
    if (ok && next !== undefined && page < this.#maxPages) {
      const visited = before?.visited ?? [];
      if (url !== undefined) {
        visited.push(url);
      }
      this.open.set(index, { page, next, visited });
    } else {
      this.open.delete(index);
    }
    if (!ok) {
      const code = error?.code ?? 'unknown';
      this.failed++;
      this.failures.set(code, (this.failures.get(code) ?? 0) + 1);
    }
  }
}

/** Reads an output back. Throws a `UsageError` for a line that is no record, as `out.jsonl:17: …`. */
export async function readJournal(output: OutputText, settings: JournalSettings): Promise<Journal> {
  const { maxPages, onFile, isDropped } = settings;
  const journal = new Journal(maxPages);
  journal.torn = await readEntries(output, (entries, { bytes }) => {
    journal.bytes += bytes.length;
    for (const entry of entries) {
      if (isDropped?.(entry) === true) {
        journal.dropped.add(entry.index, undefined);
        continue;
      }
      journal.add(entry);
      if (entry.file !== undefined) {
        onFile?.(entry.file);
      }
    }
  });
  return journal;
}
