import type { ExchangeEnded, OfTask, RunEvent } from '../../model/observer.ts';
import type { Milliseconds } from '../../model/units.ts';
import { formatDuration, formatRate, plural } from '../../report/format.ts';
import type { Entry } from './entry.ts';

/** What the log says of all that a run does, but for the samples of its state. */
export type LoggedEvent = Exclude<RunEvent, { readonly event: 'sample' }>;

/** An event as the log has it. */
export function entryOf(event: LoggedEvent): Entry {
  const { event: name, at, ...fields } = event;
  return { event: name, at, ...wordsOf(event), fields: fieldsOf(fields, at) };
}

function wordsOf(event: LoggedEvent): Pick<Entry, 'level' | 'text'> {
  switch (event.event) {
    case 'lane-opened':
      return { level: 'debug', text: `lane ${event.lane}: opened to ${event.origin}` };
    case 'lane-closed':
      return { level: 'debug', text: `lane ${event.lane}: closed, it was to ${event.origin}` };
    case 'exchange':
      return { level: 'debug', text: exchangeText(event) };
    case 'retry':
      return {
        level: 'info',
        text: `${taskOf(event)}: ${event.cause} in attempt ${event.attempt}, another in ${formatDuration(event.delayMs)}: ${event.url}`,
      };
    case 'redirect':
      return { level: 'debug', text: `${taskOf(event)}: ${event.status} from ${event.from} to ${event.to}` };
    case 'task-failed': {
      const { attempts, failure, url } = event;
      const text = `${taskOf(event)}: failed after ${plural(attempts, 'attempt')}: ${failure.code}: ${failure.message}: ${url}`;
      return { level: 'warn', text };
    }
    case 'host-paused':
      return {
        level: 'warn',
        text: `${event.origin}: paused for ${formatDuration(event.forMs)}: ${event.cause}`,
      };
    case 'host-down':
      return { level: 'warn', text: `${event.origin}: given up: ${event.cause}` };
    case 'limit':
      return { level: 'info', text: `${event.origin}: ${event.from} -> ${event.to} at once: ${event.cause}` };
    case 'rate': {
      const from = event.from === undefined ? '' : `${formatRate(event.from)}/s -> `;
      return { level: 'info', text: `${event.origin}: ${from}${formatRate(event.to)}/s: ${event.cause}` };
    }
    case 'concurrency':
      return { level: 'warn', text: `${event.from} -> ${event.to} tasks at once: ${event.cause}` };
    case 'batch':
      return {
        level: 'debug',
        text: `${plural(event.records, 'record')} to ${event.sink} in ${formatDuration(event.tookMs)}`,
      };
    case 'transform-slow':
      return {
        level: 'warn',
        text: `${taskOf(event)}: --transform ${event.spec} has kept its worker for ${formatDuration(event.tookMs)}`,
      };
    default:
      return event satisfies never;
  }
}

/** `lane 3: GET http://… attempt 1: 200, 991 bytes in 103.2 ms (connect 0.9, wait 98.2, download 0.3)`. */
function exchangeText(event: ExchangeEnded): string {
  const { lane, method, url, page, attempt, hops, failure, status, bytes, startedAt, at } = event;
  const of = [page !== undefined && `page ${page}`, `attempt ${attempt}`, hops > 0 && `redirect ${hops}`];
  const end = failure === undefined ? `${status}, ${plural(bytes, 'byte')}` : failure.code;
  const took = formatDuration(at - startedAt);
  const what = of.filter((part) => part !== false).join(', ');
  return `lane ${lane}: ${method} ${url} ${what}: ${end} in ${took}${phasesText(event)}`;
}

function phasesText({ phases, failure }: ExchangeEnded): string {
  const parts = Object.entries(phases)
    .filter(([, ms]) => ms >= 0.05)
    .map(([name, ms]) => `${name} ${ms.toFixed(1)}`);
  const times = parts.length === 0 ? '' : ` (${parts.join(', ')})`;
  return failure === undefined ? times : `${times}: ${failure.message}`;
}

function taskOf({ index, id, page }: OfTask): string {
  const task = index < 0 ? 'own request' : `task ${id}`;
  return page === undefined ? task : `${task}, page ${page}`;
}

/** Moments are those of the line; an exchange has its length instead of its start. */
function fieldsOf(fields: object, at: Milliseconds): Entry['fields'] {
  if ('startedAt' in fields && typeof fields.startedAt === 'number') {
    const { startedAt, ...rest } = fields;
    return { ...rest, tookMs: at - startedAt };
  }
  return { ...fields };
}
