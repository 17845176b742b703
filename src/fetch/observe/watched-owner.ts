import type { Failure } from '../../model/failure.ts';
import type { RunObserver } from '../../model/observer.ts';
import type { Channel, ChannelOwner, Channels } from '../http/channel.ts';
import type { Endpoint } from '../http/endpoint.ts';
import type { Identity } from '../identity/identity.ts';
import type { Lane, LaneOwner } from '../lane.ts';
import type { LaneLimits } from '../limits.ts';
import type { Prepare } from '../prepare.ts';
import type { LaneNumbers } from './lane-numbers.ts';

/** What it does with what it sees. */
export interface WatchedOwnerSettings {
  readonly numbers: LaneNumbers;
  readonly tell: RunObserver;
  /** An exchange ends, which `end` tells the owner. */
  readonly around: (lane: Lane, reason: Failure | undefined, end: () => void) => void;
}

/** An owner of lanes that is seen at its work. */
export class WatchedOwner implements LaneOwner {
  readonly #owner: LaneOwner;
  readonly #settings: WatchedOwnerSettings;

  constructor(owner: LaneOwner, settings: WatchedOwnerSettings) {
    this.#owner = owner;
    this.#settings = settings;
  }

  get limits(): LaneLimits {
    return this.#owner.limits;
  }

  get identity(): Identity | undefined {
    return this.#owner.identity;
  }

  get prepare(): Prepare {
    return this.#owner.prepare;
  }

  /** Asked once for each lane, while it is made. */
  get channels(): Channels {
    const { channels } = this.#owner;
    return {
      sockets: channels.sockets,
      open: (endpoint, lane) => this.#open(channels, endpoint, lane),
    };
  }

  onAnswer(lane: Lane): void {
    this.#settings.around(lane, undefined, () => this.#owner.onAnswer(lane));
  }

  onFailure(lane: Lane, reason: Failure): void {
    this.#settings.around(lane, reason, () => this.#owner.onFailure(lane, reason));
  }

  onUnsent(lane: Lane): void {
    this.#owner.onUnsent(lane);
  }

  onLaneClosed(lane: Lane): void {
    const { numbers, tell } = this.#settings;
    tell({
      event: 'lane-closed',
      at: performance.now(),
      lane: numbers.free(lane),
      origin: lane.host.origin,
    });
    this.#owner.onLaneClosed(lane);
  }

  #open(channels: Channels, endpoint: Endpoint, lane: ChannelOwner): Channel {
    const { numbers, tell } = this.#settings;
    const origin = `${endpoint.isSecure ? 'https' : 'http'}://${endpoint.host}`;
    tell({ event: 'lane-opened', at: performance.now(), lane: numbers.take(lane), origin });
    return channels.open(endpoint, lane);
  }
}
