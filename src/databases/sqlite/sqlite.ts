import type { Driver, DriverSettings } from '../database.ts';

/** Opens `sqlite:FILE`. */
export function openSqlite(spec: string, _settings: DriverSettings): Promise<Driver> {
  throw new Error(`not yet: ${spec}`);
}
