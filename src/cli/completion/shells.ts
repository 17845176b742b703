import { bashScript } from './bash.ts';
import type { CompletedCommand } from './describe.ts';
import { fishScript } from './fish.ts';
import { zshScript } from './zsh.ts';

/** How each shell is told to complete. The scripts are static: completing starts no process. */
export const shells = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
} as const satisfies Record<string, (program: CompletedCommand) => string>;

/** A shell that is known. */
export type Shell = keyof typeof shells;
