import { isPublicAddress } from '../../fetch/http/public-address.ts';
import type { ExchangeEnded } from '../../model/observer.ts';
import { plural } from '../../report/format.ts';
import type { Evidence, Visit } from './evidence.ts';
import { notTold, type Finding } from './finding.ts';
import type { Certificate } from './handshake.ts';

/** A certificate that ends sooner is told as something to see to. */
const soonDays = 14;
const dayMs = 86_400_000;

/** Days until it ends, rounded down; negative: it has ended. */
export function daysLeft({ validTo }: Certificate, now: number): number {
  return Math.floor((validTo - now) / dayMs);
}

/** What the server shows, and for how long it is good. */
export function certificateFinding({ handshake, first, options, now }: Evidence): Finding | undefined {
  const { certificate } = handshake ?? {};
  if (certificate === undefined) {
    return undefined;
  }
  const { subject, names, issuer, validFrom } = certificate;
  const days = daysLeft(certificate, now);
  const detail = `of ${subject === 'nobody' ? (names[0] ?? subject) : subject}, issued by ${issuer === subject ? 'itself' : issuer}`;
  const isRefused = first.record.error?.kind === 'tls';
  const verdict =
    days < 0
      ? `ended ${plural(-days, 'day')} ago`
      : validFrom > now
        ? 'not valid yet'
        : `${plural(days, 'day')} left${days < soonDays ? ' only' : ''}`;
  const doubt = isRefused ? ', refused' : options.insecure ? ', not checked (-k)' : '';
  return { verdict, detail: `${detail}${doubt}` };
}

/** Whether a further request goes over the connection of an earlier one. */
export function keepAliveFinding(evidence: Evidence): Finding {
  const { options, target, first } = evidence;
  if (!options.reuse) {
    return notTold('--no-reuse opens a connection for each request');
  }
  const further = evidence.clients.flatMap((visits) => furtherOf(visits, target.origin));
  const reused = further.filter((exchange) => exchange.reused).length;
  if (reused > 0) {
    return {
      verdict: 'yes',
      detail: `${reused} of ${plural(further.length, 'further request')} needed no new connection`,
    };
  }
  const says = String(first.record.headers?.['connection'] ?? '').toLowerCase();
  return further.length === 0
    ? notTold('there was no second request')
    : {
        verdict: 'no',
        detail: `it ends the connection after an answer${says === 'close' ? ' (Connection: close)' : ''}`,
      };
}

/**
 * The exchanges that could have found an open connection: those that begin a visit of that origin after
 * the visit before ended there, with an answer that was read whole. (A redirect may be followed before the
 * connection is free again, and what was broken off is closed by us.)
 */
function furtherOf(visits: readonly Visit[], origin: string): ExchangeEnded[] {
  const isThere = (exchange: ExchangeEnded | undefined) =>
    exchange?.failure === undefined && exchange !== undefined && new URL(exchange.url).origin === origin;
  return visits.slice(1).flatMap(({ exchanges: [first] }, at) => {
    const before = visits[at]?.exchanges.at(-1);
    return first !== undefined && isThere(before) && isThere(first) ? [first] : [];
  });
}

/** Whether the server chooses HTTP/2 where it is offered. */
export function http2Finding({ handshake, target, first }: Evidence): Finding {
  if (first.record.httpVersion === '2') {
    return { verdict: 'yes', detail: 'this was it' };
  }
  if (!target.url.startsWith('https:')) {
    return notTold(
      'without TLS there is nothing to ask by; some speak it all the same (--http2-prior-knowledge)',
    );
  }
  if (handshake === undefined) {
    return notTold('TLS did not come about');
  }
  return handshake.alpn === 'h2'
    ? { verdict: 'yes', detail: 'chosen by ALPN' }
    : { verdict: 'no', detail: `offered by ALPN, ${handshake.alpn ?? 'nothing'} chosen` };
}

/** Whether the server is one of the internet at large. */
export function addressFinding({ addresses, proxy }: Evidence): Finding {
  if (addresses.length === 0) {
    return notTold(proxy === undefined ? 'the name was not found' : 'the proxy looks it up');
  }
  const hidden = addresses.filter((address) => !isPublicAddress(address));
  if (hidden.length === 0) {
    return { verdict: 'public' };
  }
  return hidden.length === addresses.length
    ? { verdict: 'private', detail: '--deny-private would refuse it' }
    : { verdict: 'both', detail: `${hidden.join(', ')} private: --deny-private would go by the others` };
}

/** What is between us and the server. */
export function proxyFinding({ proxy, options }: Evidence): Finding {
  return proxy === undefined
    ? { verdict: 'none' }
    : { verdict: proxy, detail: options.proxy === undefined ? 'from the environment' : '--proxy' };
}
