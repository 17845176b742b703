import type { FetchOptions } from '../../model/options/options.ts';
import type { TransformOptions } from '../../model/options/transform-options.ts';
import type { databaseShape } from '../../model/options/database-options.ts';
import type { debugShape } from '../../model/options/debug-options.ts';
import type { inputShape, outputShape, RunOptions } from '../../model/options/run-options.ts';
import { answerFlags } from './answers.ts';
import { configFlags } from './config.ts';
import { connectionFlags } from './connections.ts';
import { databaseFlags } from './databases.ts';
import { debugFlags } from './debug.ts';
import type { Flag } from './flag.ts';
import { identityFlags } from './identity.ts';
import { inputFlags } from './inputs.ts';
import { outputFlags } from './outputs.ts';
import { limitFlags, retryFlags, timeFlags } from './pace.ts';
import { requestFlags } from './requests.ts';
import { transformFlags } from './transforms.ts';

export type { Flag } from './flag.ts';

/** The flags under the headings of the help. */
export type FlagGroups = Readonly<Record<string, Readonly<Record<string, Flag>>>>;

/**
 * The flags of every command that fetches, by heading and by the option that each one sets. Plain
 * data, so that `--help` does not have to load the schema.
 */
export const fetchGroups = {
  'How many, how fast:': limitFlags,
  'Time limits:': timeFlags,
  'Retry:': retryFlags,
  'Requests:': requestFlags,
  'Connections:': connectionFlags,
  'Who we are:': identityFlags,
  'Answers:': answerFlags,
} as const satisfies FlagGroups;

/** Those flags by option alone: each option has one. */
export const fetchFlags = {
  ...limitFlags,
  ...timeFlags,
  ...retryFlags,
  ...requestFlags,
  ...connectionFlags,
  ...identityFlags,
  ...answerFlags,
} as const satisfies Record<keyof FetchOptions, Flag>;

/** The flags of every command that reads sources. */
export const inputGroups = {
  'Input:': inputFlags satisfies Record<keyof typeof inputShape, Flag>,
  'Databases:': databaseFlags satisfies Record<keyof typeof databaseShape, Flag>,
} as const satisfies FlagGroups;

/** The flags of the main command alone. */
export const outputGroups = {
  'Transforms:': transformFlags satisfies Record<keyof TransformOptions, Flag>,
  'Output:': outputFlags satisfies Record<keyof typeof outputShape, Flag>,
  'Debugging:': debugFlags satisfies Record<keyof typeof debugShape, Flag>,
} as const satisfies FlagGroups;

/** Where the options come from that no flag sets: these are no options themselves. */
export const configGroups = { 'Configuration:': configFlags } as const satisfies FlagGroups;

/** The flag of every option of the main command. */
export const runFlags = {
  ...fetchFlags,
  ...inputFlags,
  ...databaseFlags,
  ...outputFlags,
  ...transformFlags,
  ...debugFlags,
} as const satisfies Record<keyof RunOptions, Flag>;
