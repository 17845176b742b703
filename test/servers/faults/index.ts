import { bodies } from './bodies.ts';
import { cuts } from './cuts.ts';
import { delays } from './delays.ts';
import type { Fault } from './fault.ts';
import { lies } from './lies.ts';
import { statuses } from './statuses.ts';

/** All faults by name. A new one is a line in one of these. */
export const faults: Readonly<Record<string, Fault>> = {
  ...cuts,
  ...delays,
  ...lies,
  ...bodies,
  ...statuses,
};
