import type { ChannelOwner } from '../http/channel.ts';

/** Names lanes by small numbers, from 1, which those that have closed leave to later ones. */
export class LaneNumbers {
  readonly #numbers = new Map<ChannelOwner, number>();
  readonly #free: number[] = [];

  /** Gives a lane its number. */
  take(lane: ChannelOwner): number {
    const number = this.#free.pop() ?? this.#numbers.size + 1;
    this.#numbers.set(lane, number);
    return number;
  }

  /** That of a lane which has one. */
  of(lane: ChannelOwner): number {
    return this.#numbers.get(lane)!;
  }

  /** The lane is no more; gives the number that it had. */
  free(lane: ChannelOwner): number {
    const number = this.of(lane);
    this.#numbers.delete(lane);
    this.#free.push(number);
    return number;
  }
}
