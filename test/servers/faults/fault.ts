import type { FailureCode } from '../../../src/model/failure.ts';
import { whole } from '../answers.ts';
import type { Act } from '../raw.ts';

/** One way in which a server is bad. */
export interface Fault {
  /** What is done instead of giving a right answer, when the request has come whole. */
  readonly act: (request: FaultRequest) => Act;
  /** How a client tells of it that asks once and gives up after a while, and reads 64 KiB at the most. */
  readonly told: Told;
  /** It may do harm to the request that comes next on its connection, whoever the client is. */
  readonly harmsNext?: true;
}

/** `ok`: the answer is right all the same. */
export type Told = FailureCode | 'ok';

/** What the server knows of a request. */
export interface FaultRequest {
  readonly method: string;
  /** Of the task: the last segment of the path. */
  readonly id: string;
}

/** The right answer, which tells whose it is. */
export function rightAnswer({ id }: FaultRequest, headers: readonly string[] = []): string {
  return whole(rightBody(id), headers);
}

/** The body of the right answer. */
export function rightBody(id: string): string {
  return `answer to ${id}`;
}
