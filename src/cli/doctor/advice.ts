import type { Milliseconds, PerSecond } from '../../model/units.ts';
import { formatBytes, formatDuration, formatRate } from '../../report/format.ts';
import { mediaType } from '../../model/body/media-type.ts';
import { keepAliveFinding } from './connection-findings.ts';
import { pagesFinding, robotsOf } from './answer-findings.ts';
import type { Evidence } from './evidence.ts';
import { connectingTime, latencyOf } from './latency.ts';
import { rateFlag, ratePolicy } from './rate-policy.ts';

/** A flag that would suit a run over many such URLs, and why. */
export interface Advice {
  /** As it is written: `--rate 100/m`. */
  readonly flag: string;
  readonly reason: string;
  /** The user has to decide: it is not in the command. */
  readonly isLeftOut?: true;
}

/** What a run is sized for where nobody says how fast it may be. */
const assumedRate: PerSecond = 100;

/** What `-c` is when nobody sets it. */
const usualConcurrency = 50;

/** The flags that suit a run over many such URLs; none where the request has failed, for then nothing is known. */
export function adviceOf(evidence: Evidence): readonly Advice[] {
  return evidence.first.record.ok ? rules.flatMap((rule) => rule(evidence) ?? []) : [];
}

/** Where the list should point, when all that leads there is permanent; undefined: where it does. */
export function movedTo({ first, target, task }: Evidence): string | undefined {
  const isForGood = first.redirects.every(({ status }) => status === 301 || status === 308);
  return first.record.ok && first.redirects.length > 0 && isForGood && target.url !== task.url
    ? target.url
    : undefined;
}

/** Where the command may point: what is for one host is not sent to another, and what is for https not in clear. */
export function commandUrl(evidence: Evidence): string {
  const { task } = evidence;
  const moved = movedTo(evidence);
  if (moved === undefined) {
    return task.url;
  }
  const [from, to] = [new URL(task.url), new URL(moved)];
  const isSame = from.hostname === to.hostname && (from.protocol === to.protocol || to.protocol === 'https:');
  return isSame ? moved : task.url;
}

type Rule = (evidence: Evidence) => Advice | undefined;

const rules: readonly Rule[] = [
  function http2({ handshake, options }) {
    return handshake?.alpn === 'h2' && !options.http2
      ? { flag: '--http2', reason: 'the server speaks it: many requests share one connection' }
      : undefined;
  },
  function rate(evidence) {
    return asAdvice(strictest(pacesOf(evidence).filter(({ flag }) => flag !== respectRobots)));
  },
  function robots(evidence) {
    if (robotsOf(evidence)?.refusal === 'ROBOTS_DISALLOWED') {
      const reason =
        'if this is a robot: its robots.txt disallows this URL, and with the flag it is not fetched';
      return { flag: respectRobots, reason, isLeftOut: true };
    }
    return asAdvice(pacesOf(evidence).find(({ flag }) => flag === respectRobots));
  },
  concurrency,
  function next(evidence) {
    return pagesFinding(evidence).verdict === 'yes'
      ? { flag: '--next link', reason: 'the answer is a page, and its Link says where the next one is' }
      : undefined;
  },
  function maxBody({ first, options }) {
    const { bytes = 0 } = first.record;
    return bytes > options.maxBody / 2
      ? {
          flag: `--max-body ${Math.ceil((2 * bytes) / 1024 ** 2)}MiB`,
          reason: `this body has ${formatBytes(bytes)}, and those above ${formatBytes(options.maxBody)} fail`,
        }
      : undefined;
  },
  function saveDir({ first }) {
    const { bytes = 0, headers } = first.record;
    const type = headers?.['content-type'];
    return bytes > 0 && mediaType(typeof type === 'object' ? type[0] : type).form === 'bytes'
      ? { flag: '--save-dir bodies', reason: 'bytes, which in lines of JSON would be base64' }
      : undefined;
  },
  function timeout({ first, options }) {
    const { total } = first.record.timing;
    return options.timeout > 0 && total > options.timeout / 2
      ? {
          flag: `--timeout ${Math.ceil((4 * total) / 1000)}s`,
          reason: `this one took ${formatDuration(total)} of the ${formatDuration(options.timeout)} that it may take`,
        }
      : undefined;
  },
];

/** How fast a run may be, and the flag that keeps it to that. */
interface Pace extends Advice {
  readonly rate: PerSecond;
}

const respectRobots = '--respect-robots';

/** As far as somebody says so. */
function pacesOf(evidence: Evidence): readonly Pace[] {
  const paces: Pace[] = [];
  const policy = ratePolicy(evidence.first.record.headers ?? {}, evidence.now);
  if (policy !== undefined) {
    const { rate, text, field } = policy;
    paces.push({ rate, flag: `--rate ${policy.flag}`, reason: `${text}, says its ${field}` });
  }
  const { refusal, delayMs = 0 } = robotsOf(evidence) ?? {};
  if (delayMs > 0) {
    const rate = 1000 / delayMs;
    // Where it disallows the URL, the flag that goes by it would fetch nothing.
    const flag = refusal === undefined ? respectRobots : `--rate ${rateFlag(rate)}`;
    const reason = `its robots.txt asks for ${formatDuration(delayMs)} between requests`;
    paces.push({ rate, flag, reason });
  }
  return paces;
}

function strictest(paces: readonly Pace[]): Pace | undefined {
  return paces.toSorted((a, b) => a.rate - b.rate)[0];
}

function asAdvice(pace: Pace | undefined): Advice | undefined {
  return pace && { flag: pace.flag, reason: pace.reason };
}

/** By Little's law. A rate that is only assumed asks for no more than the default: slow servers are often busy ones. */
function concurrency(evidence: Evidence): Advice {
  const told = strictest(pacesOf(evidence));
  const rate = told?.rate ?? assumedRate;
  const { latencyMs, withConnecting } = costOf(evidence);
  const inFlight = (rate * latencyMs) / 1000;
  const usual = `${formatRate((usualConcurrency * 1000) / latencyMs)}/s`;
  const time = `${formatDuration(latencyMs)} each${withConnecting ? ', connecting included,' : ''}`;
  const number = inFlight < 0.1 ? 'less than 0.1' : inFlight.toFixed(1);
  const law = `${rateFlag(rate)} of ${time} are ${number} in flight (Little's law)`;
  const source = told === undefined ? 'no rate is told, so one is assumed: ' : '';
  return told === undefined && inFlight > usualConcurrency
    ? {
        flag: `-c ${usualConcurrency}`,
        reason: `${source}${law}; that is much for a slow server, and the default makes ${usual}`,
      }
    : {
        flag: `-c ${Math.max(1, Math.ceil(inFlight))}`,
        reason: `${source}${law}; the default of ${usualConcurrency} could make ${usual}`,
      };
}

interface Cost {
  readonly latencyMs: Milliseconds;
  readonly withConnecting: boolean;
}

function costOf(evidence: Evidence): Cost {
  const withConnecting = keepAliveFinding(evidence).verdict === 'no' || !evidence.options.reuse;
  return {
    latencyMs: Math.max(0.1, latencyOf(evidence) + (withConnecting ? connectingTime(evidence) : 0)),
    withConnecting,
  };
}
