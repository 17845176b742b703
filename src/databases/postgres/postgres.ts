import type { Driver, DriverSettings } from '../database.ts';

/** Opens `postgres://USER@HOST/NAME`. */
export function openPostgres(spec: string, _settings: DriverSettings): Promise<Driver> {
  throw new Error(`not yet: ${spec}`);
}
