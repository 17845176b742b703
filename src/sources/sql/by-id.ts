import { textOf, valueIn, type Row } from '../rows/row.ts';

/** A row that an id was answered with, or the id that was not. */
export type Found = { readonly row: Row } | { readonly missing: string };

/**
 * Rows in the order of the ids that were looked up, whatever the order of the database, so that a run that
 * goes on numbers its tasks as the first one did. An id without a row is told; one that was asked for twice
 * has its rows twice. Rows with other ids come last.
 */
export function inOrderOfIds(ids: readonly string[], rows: readonly Row[]): readonly Found[] {
  const byId = Map.groupBy(rows, idOf);
  const asked = new Set(ids);
  const others = Map.groupBy(
    rows.filter((row) => !asked.has(idOf(row))),
    (row) => looseForm(idOf(row)),
  );
  const taken = new Set<string>();
  const found = ids.flatMap((id): readonly Found[] => {
    const loose = looseForm(id);
    const exact = byId.get(id);
    if (exact === undefined) {
      taken.add(loose);
    }
    return (exact ?? others.get(loose))?.map((row) => ({ row })) ?? [{ missing: id }];
  });
  const rest = [...others].flatMap(([loose, group]) => (taken.has(loose) ? [] : group));
  return [...found, ...rest.map((row) => ({ row }))];
}

function idOf(row: Row): string {
  return textOf(valueIn(row, 'id')) ?? '';
}

/** `007` finds 7, and `ADA` ada, where the database finds them: its columns have types and collations. */
function looseForm(id: string): string {
  return id.toLowerCase().replace(/^0+(?=\d+$)/, '');
}
