import fs from 'node:fs';

const shell = '/bin/sh';

/** Ends the process where `process.exit` would not. */
class Ending {
  #isHeldUp = false;

  /** True when something that does not end by itself is left behind. */
  get isHeldUp(): boolean {
    return this.#isHeldUp;
  }

  /** Says so. */
  holdUp(): void {
    this.#isHeldUp = true;
  }

  /**
   * Ends the process at once. `process.exit` waits for every thread, and nothing interrupts one in which
   * SQLite looks for the next row of a query: so another program takes the place of this one, and ends.
   * Where that cannot be, as on Windows, the thread is waited for.
   */
  now(status: number): never {
    if (process.execve !== undefined && fs.existsSync(shell)) {
      process.execve(shell, ['sh', '-c', `exit ${status}`], {});
    }
    process.exit(status);
  }
}

/** Of this process. */
export const ending = new Ending();
