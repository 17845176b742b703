import type { TraceEvent } from '../../src/report/trace.ts';

/**
 * The events of a file in the array form of the trace-event format. Throws where it is not what the format
 * ("Trace Event Format", Google 2016) says: slices of a row lie inside each other or apart, an arrow begins and
 * ends in a slice and never goes back in time, counts are numbers, and each row has a name.
 */
export function readTrace(text: string): TraceEvent[] {
  const events = JSON.parse(text) as TraceEvent[];
  events.forEach(checkFields);
  const slices = Map.groupBy(
    events.filter(({ ph }) => ph === 'X'),
    ({ tid }) => tid,
  );
  slices.forEach(checkNesting);
  checkArrows(events, slices);
  checkRows(events);
  return events;
}

/** A file that ends in the middle: the format allows that the bracket at the end is missing. */
export function readCutTrace(text: string): TraceEvent[] {
  return readTrace(text.trimEnd().endsWith(']') ? text : `${text.replace(/,\s*$/, '')}]`);
}

function checkFields(event: TraceEvent): void {
  const { name, ph, pid, tid, ts, dur, args = {} } = event;
  const whole = [pid, tid, ts].every((value) => Number.isSafeInteger(value) && value >= 0);
  const forms: Readonly<Record<string, boolean>> = {
    X: dur !== undefined && Number.isSafeInteger(dur) && dur >= 0,
    i: event.s === 't' || event.s === 'p',
    s: event.id !== undefined && event.cat !== undefined,
    f: event.id !== undefined && event.cat !== undefined && event.bp === 'e',
    C: Object.values(args).every((value) => typeof value === 'number') && Object.keys(args).length > 0,
    M: typeof args['name'] === 'string',
  };
  if (typeof name !== 'string' || name === '' || !whole || forms[ph] !== true) {
    throw new Error(`no trace event: ${JSON.stringify(event)}`);
  }
}

function checkNesting(slices: readonly TraceEvent[]): void {
  const sorted = slices.toSorted((a, b) => a.ts - b.ts || endOf(b) - endOf(a));
  const open: TraceEvent[] = [];
  for (const slice of sorted) {
    while (open.length > 0 && endOf(open.at(-1)!) <= slice.ts) {
      open.pop();
    }
    const outer = open.at(-1);
    if (outer !== undefined && endOf(slice) > endOf(outer)) {
      throw new Error(`it sticks out: ${JSON.stringify(slice)} of ${JSON.stringify(outer)}`);
    }
    open.push(slice);
  }
}

function checkArrows(
  events: readonly TraceEvent[],
  slices: ReadonlyMap<number, readonly TraceEvent[]>,
): void {
  const begun = new Map<string, TraceEvent>();
  for (const event of events) {
    const key = `${event.cat} ${event.name} ${event.id}`;
    if (event.ph === 's' || event.ph === 'f') {
      const isHeld = slices.get(event.tid)?.some((one) => one.ts <= event.ts && event.ts <= endOf(one));
      const begin = begun.get(key);
      const isOdd = event.ph === 's' ? begin !== undefined : begin === undefined || begin.ts > event.ts;
      if (isHeld !== true || isOdd) {
        throw new Error(`no arrow: ${JSON.stringify(event)}`);
      }
      begun.set(key, event);
    }
  }
}

function checkRows(events: readonly TraceEvent[]): void {
  const named = events.filter(({ name }) => name === 'thread_name').map(({ tid }) => tid);
  const nameless = events.find(({ tid }) => !named.includes(tid));
  if (nameless !== undefined || new Set(named).size !== named.length) {
    throw new Error(`rows have one name each: ${named.join()}, and ${nameless?.tid}`);
  }
}

function endOf({ ts, dur = 0 }: TraceEvent): number {
  return ts + dur;
}
