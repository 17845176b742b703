import { DatabaseAwayError, ReaderGoneError, SinkError, UsageError } from '../model/errors.ts';

/** Exit statuses; 4 and 5 are kept for expectations and thresholds. */
export const exitStatus = {
  ok: 0,
  someFailed: 1,
  usage: 2,
  output: 3,
  sigint: 130,
  sigterm: 143,
} as const;

/** One of the exit statuses. */
export type ExitStatus = (typeof exitStatus)[keyof typeof exitStatus];

/** What a thrown error means for the exit status, and the text for standard error, if any. */
export function describeError(error: unknown): { status: ExitStatus; text?: string } {
  if (error instanceof ReaderGoneError) {
    return { status: exitStatus.ok };
  }
  if (error instanceof UsageError) {
    return { status: exitStatus.usage, text: error.message };
  }
  if (error instanceof SinkError || error instanceof DatabaseAwayError) {
    return { status: exitStatus.output, text: error.message };
  }
  return { status: exitStatus.output, text: describeFault(error) };
}

/** The text for what is nobody's mistake but ours. */
export function describeFault(error: unknown): string {
  const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `a fault of bulkfetch's own, please report it:\n${trace}`;
}
