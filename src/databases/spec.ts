import { UsageError } from '../model/errors.ts';
import { tableParts } from './names.ts';

/** What is to be known of a kind of database without loading it. */
interface KindText {
  /** What a spec of it begins with. */
  readonly schemes: readonly string[];
  /** The parts that the name of a table may have. */
  readonly nameParts: number;
  /** True for rows whose column is among the texts of the list that the query is given, its only parameter. */
  isAmong(column: string): string;
}

const kinds = {
  sqlite: {
    schemes: ['sqlite:'],
    nameParts: 2,
    isAmong: (column) => `${column} in (select value from json_each(?1))`,
  },
  postgres: {
    schemes: ['postgres:', 'postgresql:'],
    nameParts: Number.POSITIVE_INFINITY,
    isAmong: (column) => `${column} = any($1)`,
  },
} satisfies Record<string, KindText>;

/** A kind of database. */
export type DatabaseKind = keyof typeof kinds;

/** What specs look like, for messages. */
export const databaseForm = 'sqlite:FILE or postgres://USER@HOST/NAME';

/** True for what is a spec of a database by its scheme. */
export function isDatabase(spec: string): boolean {
  return kindIn(spec) !== undefined;
}

/** The kind of a database by its spec. Throws a `UsageError` for what is no spec. */
export function kindOf(spec: string): DatabaseKind {
  const kind = kindIn(spec);
  if (kind === undefined) {
    throw new UsageError(`must be ${databaseForm}, not ${JSON.stringify(shownSpec(spec))}`);
  }
  return kind;
}

function kindIn(spec: string): DatabaseKind | undefined {
  const found = Object.entries<KindText>(kinds).find(([, { schemes }]) =>
    schemes.some((scheme) => spec.startsWith(scheme)),
  );
  return found?.[0] as DatabaseKind | undefined;
}

/**
 * A condition in the SQL of that kind of database: a column, as it stands in SQL, is among the texts of the
 * list that the query is given, its only parameter.
 */
export function isAmong(kind: DatabaseKind, column: string): string {
  return kinds[kind].isAmong(column);
}

/** A table, as the user wrote it, in the SQL of that kind of database. */
export function quotedTable(kind: DatabaseKind, name: string): string {
  return tableParts(name, kinds[kind].nameParts).join('.');
}

/** A spec as it may be shown and compared: without user name, password and parameters. */
export function shownSpec(spec: string): string {
  return spec.includes('://')
    ? spec.replace(/^([a-z][a-z\d+.-]*:\/\/).*@/is, '$1').replace(/\?.*$/s, '')
    : spec;
}

/** The files of those specs that are `sqlite:FILE`. */
export function filesOfSpecs(specs: readonly (string | undefined)[]): readonly string[] {
  return specs.flatMap((spec) => /^sqlite:(.+)$/s.exec(spec ?? '')?.[1] ?? []);
}
