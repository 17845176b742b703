import type { Diagnosis } from '../../src/cli/doctor/diagnosis.ts';
import { cli } from './cli.ts';

/** What the doctor finds, its exit status, and what it says beside. */
export async function doctor(
  ...args: readonly string[]
): Promise<{ status: number | null; stderr: string; found: Diagnosis }> {
  const { status, stdout, stderr } = await cli(['doctor', '--format', 'json', ...args]);
  return { status, stderr, found: JSON.parse(stdout) as Diagnosis };
}

/** By finding. */
export function verdicts({ findings }: Diagnosis): Record<string, string> {
  return Object.fromEntries(Object.entries(findings).map(([name, { verdict }]) => [name, verdict]));
}
