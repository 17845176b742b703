import fs from 'node:fs';

/** The configuration file of a run, and how it came to be read. */
export interface ConfigFile {
  readonly path: string;
  /** The flag or variable that names it; undefined for one that lay in the working directory. */
  readonly namedBy: string | undefined;
}

/** The variable that names the file. */
export const configVariable = 'BULKFETCH_CONFIG';

const defaultPath = 'bulkfetch.config.json';

/**
 * The file of `--config`, else that of the variable, else the one in the working directory (not in
 * the folders above: what a run does should not depend on them); `--no-config` means none of them.
 */
export function locateConfig(flag: unknown): ConfigFile | undefined {
  if (flag === false) {
    return undefined;
  }
  if (typeof flag === 'string') {
    return { path: flag, namedBy: '--config' };
  }
  const variable = process.env[configVariable];
  if (variable !== undefined && variable !== '') {
    return { path: variable, namedBy: configVariable };
  }
  return fs.existsSync(defaultPath) ? { path: defaultPath, namedBy: undefined } : undefined;
}
