import type { FailureCode } from '../../model/failure.ts';

/** Limits of this machine: whatever is tried at once runs into them, too, with every host. */
export const ownLimits: ReadonlySet<FailureCode> = new Set(['ADDRESS_EXHAUSTED', 'TOO_MANY_OPEN_FILES']);
