import type { RunObserver } from '../model/observer.ts';
import type { ProxyChoice } from '../model/proxy/proxy-choice.ts';
import type { ConnectorSettings } from './http/connector.ts';

/** What the engine cannot read for itself: files, and replacements for tests. */
export interface EngineSettings extends Partial<ConnectorSettings> {
  /** Which hosts are behind a proxy; absent: none. */
  readonly proxyOf?: ProxyChoice | undefined;
  /** In [0, 1); for jitter. */
  readonly random?: (() => number) | undefined;
  /** Bodies of tasks that succeed stay bytes, whatever `--body` says: they are saved, or transformed first. */
  readonly keepsBytes?: boolean | undefined;
  /** Told all that the engine does; absent in most runs. */
  readonly observer?: RunObserver | undefined;
  /** Told, in one line, of what goes wrong with no task in particular. */
  readonly onWarning?: ((message: string) => void) | undefined;
}
