import type { RecordFields } from './record.ts';

/** Whether a record is the last of all that its task has: where pages are followed, those before it are not. */
export function endsTask({ ok, next }: Pick<RecordFields, 'ok' | 'next'>): boolean {
  return !ok || next === undefined;
}
