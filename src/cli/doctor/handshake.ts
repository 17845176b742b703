import type net from 'node:net';
import tls, { type DetailedPeerCertificate, type PeerCertificate } from 'node:tls';
import type { Connect, Endpoint } from '../../fetch/http/endpoint.ts';
import { timerDelay, type Milliseconds } from '../../model/units.ts';

/** What a server agrees to over TLS, before any request. */
export interface Handshake {
  /** `TLSv1.3`. */
  readonly version: string;
  readonly cipher: string;
  /** What it has chosen of HTTP/2 and HTTP/1.1; absent: it does not choose. */
  readonly alpn?: string;
  readonly certificate?: Certificate;
}

/** What a server shows. */
export interface Certificate {
  readonly subject: string;
  /** Hosts that it is for, as in `DNS:example.com`. */
  readonly names: readonly string[];
  readonly issuer: string;
  /** Milliseconds since the epoch. */
  readonly validFrom: number;
  readonly validTo: number;
}

/**
 * Opens a connection, offers HTTP/2 before HTTP/1.1, and closes it again: nothing is asked. Undefined
 * when TLS does not come about within that time.
 */
export function shakeHands(
  endpoint: Endpoint,
  connect: Connect,
  limitMs: Milliseconds,
): Promise<Handshake | undefined> {
  return new Promise((resolve) => {
    let seen: Handshake | undefined;
    const outer = connect(
      { ...endpoint, alpn: ['h2', 'http/1.1'] },
      {
        onLookup() {},
        onTcp() {},
        onSecure() {},
        onBytes() {},
        onError() {}, // the first request has failed of the same, and that is told
        onReady(socket) {
          seen = handshakeOf(socket);
          socket.destroy();
          outer.destroy();
        },
        onClose() {
          clearTimeout(timer);
          resolve(seen);
        },
      },
    );
    const timer = setTimeout(() => outer.destroy(), timerDelay(limitMs));
  });
}

function handshakeOf(socket: net.Socket): Handshake | undefined {
  if (!(socket instanceof tls.TLSSocket)) {
    return undefined;
  }
  const certificate = certificateOf(socket.getPeerCertificate(false));
  return {
    version: socket.getProtocol() ?? 'TLS',
    cipher: socket.getCipher().standardName,
    ...(typeof socket.alpnProtocol === 'string' && { alpn: socket.alpnProtocol }),
    ...(certificate !== undefined && { certificate }),
  };
}

function certificateOf(peer: PeerCertificate | DetailedPeerCertificate): Certificate | undefined {
  const validTo = Date.parse(peer.valid_to);
  if (Number.isNaN(validTo)) {
    return undefined; // an empty object: it has shown none
  }
  return {
    subject: nameOf(peer.subject),
    names: peer.subjectaltname?.split(', ') ?? [],
    issuer: nameOf(peer.issuer),
    validFrom: Date.parse(peer.valid_from),
    validTo,
  };
}

/** `R11, Let's Encrypt`; who has no name of its own is called by its organization. */
function nameOf({ CN, O }: tls.Certificate): string {
  const names = [CN, O].flat().filter((name) => name !== undefined && name !== '');
  return [...new Set(names)].join(', ') || 'nobody';
}
