import { safeMethods } from '../../model/methods.ts';
import { resolveOptions } from '../../model/options/options.ts';
import { buildRequest } from '../../model/request.ts';
import { createTask } from '../../model/task.ts';
import { UsageError } from '../../model/errors.ts';
import { toDocument } from '../../report/report.ts';
import type { Settings } from '../config/settings.ts';
import { diagnose } from '../doctor/diagnosis.ts';
import { examine } from '../doctor/examine.ts';
import { renderDiagnosis } from '../doctor/render.ts';
import { exitStatus, type ExitStatus } from '../exit.ts';
import { message } from '../message.ts';
import { fetchOptions, type FlagValues } from '../options.ts';
import { print } from '../print.ts';
import { redactor } from '../redactor.ts';
import { screenOf } from '../screen.ts';

/** The flags of `doctor` beside those of requests. */
export type DoctorFlags = FlagValues & { readonly format: string };

/** `bulkfetch doctor URL`: what one request takes, what the server can do, and which flags would suit a run. */
export async function doctorCommand(
  url: string,
  values: DoctorFlags,
  settings: Settings,
): Promise<ExitStatus> {
  const options = resolveOptions(fetchOptions(values));
  const request = buildRequest(options);
  if (!safeMethods.has(request.method)) {
    throw new UsageError(
      `--request: doctor asks several times, and ${request.method} may change something: it takes ${[...safeMethods].join(', ')}`,
    );
  }
  const task = createTask(0, undefined, url, request);
  if (task.invalid !== undefined) {
    throw new UsageError(task.invalid.message);
  }
  const evidence = await examine(task, options, {
    env: process.env,
    onWarning: (text) => void process.stderr.write(`bulkfetch: ${message(text)}\n`),
  });
  const diagnosis = diagnose(evidence, { values, isGiven: (key) => !settings.has(key) });
  const isJson = values.format === 'json';
  const text = isJson ? toDocument(diagnosis) : renderDiagnosis(diagnosis, screenOf(process.stdout));
  await print(redactor.redact(text)); // a server may send back what it was sent
  return diagnosis.ok ? exitStatus.ok : exitStatus.someFailed;
}
