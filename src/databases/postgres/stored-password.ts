import pgpass from 'pgpass';

/** The place that a password is for. */
interface Place {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
}

/**
 * The password that the user keeps in `~/.pgpass` (or PGPASSFILE) for that place. Asked for only when the
 * server wants one. `pg` would read the file too, and print that it is not going to for ever.
 */
export async function storedPassword(place: Place): Promise<string> {
  const password = await new Promise<string | undefined>((resolve) => pgpass(place, resolve));
  if (password === undefined) {
    throw new NoPasswordError('the server wants a password, and none is given');
  }
  return password;
}

/** There is no password for a server that wants one. */
export class NoPasswordError extends Error {
  override readonly name = 'NoPasswordError';
}
