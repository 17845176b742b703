import net from 'node:net';
import type tls from 'node:tls';
import type { Endpoint } from './endpoint.ts';

/** Whom we trust and who we are, in PEM. */
export interface TlsSettings {
  /** Accept any certificate. */
  readonly insecure: boolean;
  /** Trusted certificates, instead of those that Node ships. */
  readonly ca?: string | undefined;
  /** Our own certificate, for servers that ask for one. */
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  /** What the key is encrypted with. */
  readonly passphrase?: string | undefined;
}

/** TLS sessions kept, one an endpoint. */
const mostSessions = 1000;

/** The TLS of a run: one set of certificates, and the sessions that further connections resume. */
export class TlsClient {
  readonly #settings: TlsSettings;
  readonly #sessions = new Map<string, Buffer>();
  #context: tls.SecureContext | undefined;

  constructor(settings: TlsSettings) {
    this.#settings = settings;
  }

  /** What `tls.connect` takes for that endpoint, beside the way there. */
  options({ hostname, host, alpn = ['http/1.1'] }: Endpoint): tls.ConnectionOptions {
    this.#context ??= createContext(this.#settings);
    return {
      secureContext: this.#context,
      ALPNProtocols: alpn,
      rejectUnauthorized: !this.#settings.insecure,
      session: this.#sessions.get(host),
      ...(net.isIP(hostname) === 0 && { servername: hostname }),
    };
  }

  /** Sessions of that socket are resumed by the next one to the same endpoint. */
  keepSessions(socket: net.Socket, { host }: Endpoint): void {
    socket.on('session', (session: Buffer) => this.#keep(host, session));
  }

  /** The oldest makes room. */
  #keep(host: string, session: Buffer): void {
    this.#sessions.delete(host);
    if (this.#sessions.size >= mostSessions) {
      this.#sessions.delete(this.#sessions.keys().next().value!);
    }
    this.#sessions.set(host, session);
  }
}

/** Certificates and key made ready for use. Throws OpenSSL's error when they do not fit each other. */
export function createContext({ ca, cert, key, passphrase }: TlsSettings): tls.SecureContext {
  return process.getBuiltinModule('node:tls').createSecureContext({ ca, cert, key, passphrase });
}
