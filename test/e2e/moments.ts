/**
 * How many moments are tried at which something dies: a quarter of `all` by default, for each starts a process,
 * and all of them with CI=true.
 */
export function momentsOf(all: number): number {
  return process.env['CI'] === 'true' ? all : Math.ceil(all / 4);
}
