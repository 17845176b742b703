import type { ExchangeEnded, OfTask, RetryGranted, RedirectFollowed, RunEvent } from '../model/observer.ts';
import type { RunState } from '../model/run-state.ts';
import type { Milliseconds } from '../model/units.ts';

/** An event of the trace-event format ("Trace Event Format", Google 2016), which Perfetto and chrome://tracing read. */
export interface TraceEvent {
  readonly name: string;
  /** X: a slice of time; i: a moment; s and f: an arrow's ends; C: a count; M: what a row is called. */
  readonly ph: 'X' | 'i' | 's' | 'f' | 'C' | 'M';
  readonly pid: number;
  readonly tid: number;
  /** Microseconds since the process began. */
  readonly ts: number;
  readonly dur?: number;
  readonly cat?: string;
  readonly id?: number;
  /** An arrow ends at the slice that is there. */
  readonly bp?: 'e';
  /** A moment is one of its row, or of all. */
  readonly s?: 't' | 'p';
  /** A colour of chrome://tracing. */
  readonly cname?: string;
  readonly args?: Readonly<Record<string, unknown>>;
}

const pid = 1;
/** The row above those of the lanes. */
const runRow = 0;

/**
 * Makes trace events of what a run does: a row for each lane, a slice for each exchange with its phases inside,
 * arrows from an attempt to its retry and from a redirect to where it leads, moments at which hosts were paused,
 * counts of what is in flight and waits. What it keeps is bounded by the lanes and by the tasks between two
 * exchanges.
 */
export class Trace {
  /** Rows that have a name. */
  #named = 0;
  /** The last slice of each lane. */
  readonly #slices = new Map<number, Slice>();
  /** Arrows that have begun, by task. */
  readonly #arrows = new Map<string, Arrow>();
  #arrowIds = 0;

  /** What stands at the beginning. */
  begin(): TraceEvent[] {
    return [named('process_name', runRow, 'bulkfetch'), named('thread_name', runRow, 'run')];
  }

  of(event: RunEvent): TraceEvent[] {
    switch (event.event) {
      case 'lane-opened':
        return [...this.#nameRows(event.lane), moment(event, event.lane, `opened to ${event.origin}`)];
      case 'lane-closed':
        return [moment(event, event.lane, 'closed')];
      case 'exchange':
        return this.#exchange(event);
      case 'retry':
      case 'redirect':
        return this.#beginArrow(event);
      case 'task-failed':
        this.#arrows.delete(taskKey(event));
        return [];
      case 'host-paused':
        return [moment(event, runRow, `paused: ${event.origin}`)];
      case 'host-down':
        return [moment(event, runRow, `given up: ${event.origin}`)];
      case 'limit':
      case 'rate':
      case 'concurrency':
        return [moment(event, runRow, event.event)];
      case 'transform-slow':
        return [moment(event, runRow, `slow: ${event.spec}`)];
      case 'batch':
        return [];
      case 'sample':
        return counts(event.at, event.state);
      default:
        return event satisfies never;
    }
  }

  #nameRows(lane: number): TraceEvent[] {
    if (lane <= this.#named) {
      return [];
    }
    this.#named = lane; // numbers are given in their order
    return [named('thread_name', lane, `lane ${lane}`)];
  }

  #exchange(event: ExchangeEnded): TraceEvent[] {
    const { lane, method, status, failure, startedAt, at } = event;
    const slice = { from: micros(startedAt), to: micros(at) };
    this.#slices.set(lane, slice);
    const hasFailed = failure !== undefined || (status ?? 0) >= 400;
    return [
      {
        name: `${method} ${failure?.code ?? status}`,
        cat: 'exchange',
        ph: 'X',
        pid,
        tid: lane,
        ts: slice.from,
        dur: slice.to - slice.from,
        ...(hasFailed && { cname: 'terrible' }),
        args: argumentsOf(event),
      },
      ...phasesOf(event, slice),
      ...this.#endArrow(event, slice.from),
    ];
  }

  /** Nobody has to tell two arrows of one task apart: it is at one place at a time. */
  #beginArrow(event: RetryGranted | RedirectFollowed): TraceEvent[] {
    const slice = this.#slices.get(event.lane);
    if (slice === undefined || event.index < 0) {
      return [];
    }
    const arrow = { name: event.event, id: ++this.#arrowIds };
    this.#arrows.set(taskKey(event), arrow);
    // An arrow belongs to the slice that holds its time: the end itself is the next one's.
    const ts = Math.max(slice.from, slice.to - 1);
    const args = event.event === 'retry' ? { cause: event.cause, delayMs: event.delayMs } : { to: event.to };
    return [{ ...arrow, cat: event.event, ph: 's', pid, tid: event.lane, ts, args }];
  }

  #endArrow(event: ExchangeEnded, ts: number): TraceEvent[] {
    const arrow = this.#arrows.get(taskKey(event));
    if (arrow === undefined || event.index < 0) {
      return [];
    }
    this.#arrows.delete(taskKey(event));
    return [{ ...arrow, cat: arrow.name, ph: 'f', bp: 'e', pid, tid: event.lane, ts }];
  }
}

/** A stretch of time in microseconds. */
interface Slice {
  readonly from: number;
  readonly to: number;
}

interface Arrow {
  readonly name: 'retry' | 'redirect';
  readonly id: number;
}

function taskKey({ index, page = 1 }: OfTask): string {
  return `${index} ${page}`;
}

function argumentsOf(event: ExchangeEnded): NonNullable<TraceEvent['args']> {
  const { id, page, url, status, attempt, hops, bytes, reused, failure } = event;
  return {
    id,
    ...(page !== undefined && { page }),
    url,
    ...(status !== undefined && { status }),
    attempt,
    ...(hops > 0 && { redirect: hops }),
    bytes,
    reused,
    ...(failure !== undefined && { error: failure.code, message: failure.message }),
  };
}

/** Rounded at their ends, so that each begins where the one before it ends, and none sticks out. */
function phasesOf({ phases, lane, startedAt }: ExchangeEnded, slice: Slice): TraceEvent[] {
  let end = startedAt;
  return Object.entries(phases).flatMap(([name, ms]: [string, Milliseconds]) => {
    const from = Math.min(slice.to, micros(end));
    end += ms;
    const dur = Math.min(slice.to, micros(end)) - from;
    return dur > 0 ? [{ name, cat: 'phase', ph: 'X' as const, pid, tid: lane, ts: from, dur }] : [];
  });
}

function moment({ event: name, at, ...args }: MomentEvent, tid: number, text: string): TraceEvent {
  return { name: text, cat: name, ph: 'i', s: tid === runRow ? 'p' : 't', pid, tid, ts: micros(at), args };
}

type MomentEvent = Exclude<RunEvent, { readonly event: 'exchange' | 'sample' }>;

function counts(at: Milliseconds, state: RunState): TraceEvent[] {
  const { inFlight, waiting, transforming, finished } = state;
  const count = (name: string, value: number): TraceEvent => {
    return { name, ph: 'C', pid, tid: runRow, ts: micros(at), args: { [name]: value } };
  };
  return [
    count('in flight', inFlight),
    count('waiting', waiting),
    ...(transforming === undefined ? [] : [count('in the transforms', transforming)]),
    count('done', finished),
  ];
}

function named(name: 'process_name' | 'thread_name', tid: number, text: string): TraceEvent {
  return { name, ph: 'M', pid, tid, ts: 0, args: { name: text } };
}

function micros(ms: Milliseconds): number {
  return Math.round(ms * 1000);
}
