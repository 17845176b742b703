import type { RecordFields } from '../../src/model/record.ts';

/** A page as the rules for the next one see it. */
export function page(fields: Partial<RecordFields>): RecordFields {
  return {
    index: 0,
    id: '0',
    ok: true,
    status: 200,
    url: 'http://h.example/',
    attempts: 1,
    timing: { queue: 0, total: 0 },
    startedAt: 0,
    ...fields,
  };
}
