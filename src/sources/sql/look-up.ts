import { askByHalves } from '../../databases/by-halves.ts';
import type { Rows } from '../../databases/database.ts';
import type { Pattern } from '../urls/pattern.ts';

/** How ids are looked up. */
export interface LookupSettings {
  /** Ids in one query, at most. */
  readonly size: number;
  /** Connections to the database. */
  readonly pool: number;
}

/** What a query gave, and the ids that it was asked for, if it was. */
export interface Answer extends Rows {
  readonly ids?: readonly string[];
}

/** Asks for ids, so many at a time, a few queries ahead of the reader. The answers are in the order of the ids. */
export async function* lookUp(
  ids: Pattern,
  { size, pool }: LookupSettings,
  ask: (ids: readonly string[]) => Promise<Rows>,
): AsyncGenerator<Answer, void, undefined> {
  const underWay: Promise<Answer>[] = [];
  let at = 0;
  const fill = () => {
    while (at < ids.size && underWay.length < Math.min(pool, mostAhead)) {
      const some = idsFrom(ids, at, size);
      at += some.length;
      const answer = askByHalves(some, ask).then((rows): Answer => ({ ...rows, ids: some }));
      answer.catch(() => undefined); // it is told where it is waited for, if it ever is
      underWay.push(answer);
    }
  };
  fill();
  for (let next = underWay.shift(); next !== undefined; next = underWay.shift()) {
    const answer = await next;
    fill();
    yield answer;
  }
}

/** Enough that the way to the database and back costs no time. Each is held in memory. */
const mostAhead = 4;

function idsFrom(ids: Pattern, from: number, size: number): readonly string[] {
  const length = Math.min(size, ids.size - from);
  return Array.from({ length }, (_, at) => ids.at(from + at));
}
