import type { Failure } from '../../model/failure.ts';
import type { Bytes, Milliseconds } from '../../model/units.ts';
import type { FlagValues } from '../options.ts';
import { adviceOf, commandUrl, movedTo, type Advice } from './advice.ts';
import {
  codedSizes,
  compressionFinding,
  conditionalFinding,
  pagesFinding,
  rangesFinding,
  rateFinding,
  robotsFinding,
} from './answer-findings.ts';
import { commandLine } from './command-line.ts';
import {
  addressFinding,
  certificateFinding,
  daysLeft,
  http2Finding,
  keepAliveFinding,
  proxyFinding,
} from './connection-findings.ts';
import { exchangesOf, type Evidence } from './evidence.ts';
import type { Finding } from './finding.ts';
import type { Handshake } from './handshake.ts';
import { lastPhase, latencyOf, phaseNames, phasesOf, type PhaseName } from './latency.ts';
import { triesOf } from './tries.ts';

/** What the doctor says; `--format json` is this. Times are in milliseconds. */
export interface Diagnosis {
  readonly url: string;
  readonly method: string;
  readonly ok: boolean;
  readonly redirects: readonly { readonly status: number; readonly to: string }[];
  readonly finalUrl: string;
  readonly answer?: Answer;
  readonly failure?: Failure & { readonly phase: PhaseName | 'answer' | 'none' };
  /** Of the last exchange of the first request; those that did not happen are absent. */
  readonly phases: Readonly<Partial<Record<PhaseName, Milliseconds>>>;
  /** With all redirects. */
  readonly totalMs: Milliseconds;
  readonly addresses: readonly string[];
  readonly tls?: Tls;
  readonly findings: Readonly<Record<FindingName, Finding>>;
  /** What one request takes on an open connection. */
  readonly latencyMs?: Milliseconds;
  /** All that went out. */
  readonly requests: readonly Request[];
  readonly tries: readonly string[];
  readonly movedTo?: string;
  readonly advice: readonly Advice[];
  readonly command?: string;
  /** Secrets stand in the command as `***`. */
  readonly commandIsMasked?: true;
}

/** What was agreed over TLS; times as in ISO 8601. */
export interface Tls extends Omit<Handshake, 'certificate'> {
  readonly certificate?: {
    readonly subject: string;
    readonly names: readonly string[];
    readonly issuer: string;
    readonly validFrom: string;
    readonly validTo: string;
    /** Negative: it has ended. */
    readonly daysLeft: number;
  };
}

/** The answer to the first request. */
export interface Answer {
  readonly status: number;
  readonly httpVersion: '1.1' | '2';
  readonly contentType?: string;
  readonly server?: string;
  /** Of the body, decoded. */
  readonly bytes?: Bytes;
  readonly encoding?: string;
  /** By coding, on the wire. */
  readonly codedBytes: Readonly<Record<string, Bytes>>;
}

/** What is found out about each server; in this order. */
export type FindingName = keyof typeof finders;

/** One request as it went out. */
export interface Request {
  readonly method: string;
  readonly url: string;
  /** How it differs from the first. */
  readonly purpose?: string;
  readonly status?: number;
  readonly error?: string;
  readonly ms: Milliseconds;
  /** Over the connection of an earlier one. */
  readonly reused: boolean;
}

const finders = {
  certificate: (evidence) =>
    certificateFinding(evidence) ?? {
      verdict: 'none',
      detail: evidence.target.url.startsWith('http:') ? 'no TLS' : 'it showed none',
    },
  keepAlive: keepAliveFinding,
  http2: http2Finding,
  compression: compressionFinding,
  ranges: rangesFinding,
  conditional: conditionalFinding,
  rateLimit: rateFinding,
  robots: robotsFinding,
  pages: pagesFinding,
  address: addressFinding,
  proxy: proxyFinding,
} as const satisfies Record<string, (evidence: Evidence) => Finding>;

/** The flags as they were given. */
export interface Given {
  readonly values: FlagValues;
  /** Which options were set on this command line. */
  readonly isGiven: (key: string) => boolean;
}

/** What follows from what was seen. */
export function diagnose(evidence: Evidence, { values, isGiven }: Given): Diagnosis {
  const { first, task, target } = evidence;
  const { record } = first;
  const phases = phasesOf(evidence);
  const tls = tlsOf(evidence);
  const advice = adviceOf(evidence);
  const moved = movedTo(evidence);
  const command = record.ok ? commandLine(commandUrl(evidence), values, isGiven, advice) : undefined;
  const answer = answerOf(evidence);
  return {
    url: task.url,
    method: task.request.method,
    ok: record.ok,
    redirects: first.redirects.map(({ status, to }) => ({ status, to })),
    finalUrl: target.url,
    ...(answer !== undefined && { answer }),
    ...(record.error !== undefined && { failure: { ...record.error, phase: phaseOf(evidence) } }),
    phases: Object.fromEntries(phaseNames.map((name) => [name, phases[name]])),
    totalMs: record.timing.total,
    addresses: evidence.addresses,
    ...(tls !== undefined && { tls }),
    findings: findingsOf(evidence),
    ...(record.status !== undefined && { latencyMs: latencyOf(evidence) }),
    requests: requestsOf(evidence),
    tries: triesOf(evidence),
    ...(moved !== undefined && { movedTo: moved }),
    advice,
    ...(command !== undefined && { command: command.line }),
    ...(command?.hasMasked === true && { commandIsMasked: true }),
  };
}

function findingsOf(evidence: Evidence): Diagnosis['findings'] {
  const names = Object.keys(finders) as FindingName[];
  return Object.fromEntries(names.map((name) => [name, finders[name](evidence)])) as Diagnosis['findings'];
}

function answerOf(evidence: Evidence): Answer | undefined {
  const { status, headers = {}, bytes, httpVersion = '1.1' } = evidence.first.record;
  const one = (name: string) => [headers[name] ?? []].flat()[0];
  const [contentType, server, encoding] = [one('content-type'), one('server'), one('content-encoding')];
  return status === undefined
    ? undefined
    : {
        status,
        httpVersion,
        ...(contentType !== undefined && { contentType }),
        ...(server !== undefined && { server }),
        ...(bytes !== undefined && { bytes }),
        ...(encoding !== undefined && { encoding }),
        codedBytes: Object.fromEntries(codedSizes(evidence)),
      };
}

function tlsOf({ handshake, now }: Evidence): Tls | undefined {
  if (handshake === undefined) {
    return undefined;
  }
  const { certificate, ...agreed } = handshake;
  return certificate === undefined
    ? agreed
    : {
        ...agreed,
        certificate: {
          ...certificate,
          validFrom: new Date(certificate.validFrom).toISOString(),
          validTo: new Date(certificate.validTo).toISOString(),
          daysLeft: daysLeft(certificate, now),
        },
      };
}

/** A status is an answer in full; all else has stopped somewhere on the way. */
function phaseOf({ first }: Evidence): PhaseName | 'answer' | 'none' {
  const { error } = first.record;
  return error?.kind === 'status' ? 'answer' : (lastPhase(first.exchanges.at(-1)) ?? 'none');
}

function requestsOf(evidence: Evidence): readonly Request[] {
  return exchangesOf(evidence).map(({ method, url, purpose, status, failure, startedAt, at, reused }) => ({
    method,
    url,
    ...(purpose !== '' && { purpose }),
    ...(status !== undefined && { status }),
    ...(failure !== undefined && { error: failure.code }),
    ms: at - startedAt,
    reused,
  }));
}
