import { describe, expect, it } from 'vitest';
import { AwayError, StatementError } from '../../src/databases/errors.ts';
import { Patience, type PatienceSettings } from '../../src/databases/patience.ts';
import { DatabaseAwayError } from '../../src/model/errors.ts';
import { until } from '../servers/until.ts';

const away = new AwayError('nobody answers');

/** From the second pause on, only what ends it lets a test pass. */
const hours: PatienceSettings['backoff'] = { retryDelay: 2, retryMaxDelay: 3_600_000, retryFactor: 1e9 };

function setUp(settings: Partial<PatienceSettings> = {}) {
  const said: string[] = [];
  const patience = new Patience('app', {
    backoff: { retryDelay: 0, retryMaxDelay: 0, retryFactor: 1 },
    awayMs: 60_000,
    random: () => 0.5,
    onWarning: (message) => said.push(message),
    ...settings,
  });
  return { patience, said };
}

const wentAndCame = [
  'app: nobody answers; trying again',
  expect.stringMatching(/^app: back after \d+\.\d s$/),
];

/** Fails so often, then goes well. */
function failing(times: number, fault: Error = away) {
  let calls = 0;
  return () => (++calls > times ? Promise.resolve(calls) : Promise.reject(fault));
}

describe('Patience', () => {
  it('does once what goes well, and says nothing', async () => {
    const { patience, said } = setUp();
    expect(await patience.until(failing(0))).toBe(1);
    expect({ said, returns: patience.returns, awayMs: patience.awayMs }).toEqual({
      said: [],
      returns: 0,
      awayMs: 0,
    });
  });

  it('tries again what fails because the database is away, and says so once', async () => {
    const { patience, said } = setUp();
    expect(await patience.until(failing(5))).toBe(6);
    expect(said).toEqual(wentAndCame);
    expect(patience.returns).toBe(1);
    expect(patience.awayMs).toBeGreaterThan(0);
  });

  it('throws at once what will not pass', async () => {
    const { patience, said } = setUp();
    const wrong = new StatementError('no such table');
    await expect(patience.until(failing(1, wrong))).rejects.toBe(wrong);
    expect(said).toEqual([]);
  });

  it('gives up when it has waited so long', async () => {
    const { patience } = setUp({ awayMs: 0 });
    const fault = patience.until(failing(1));
    await expect(fault).rejects.toThrow(new DatabaseAwayError('app stayed away: nobody answers'));
    await expect(fault).rejects.toMatchObject({ cause: away });
  });

  it('gives each call its own time, even when others get along', async () => {
    const { patience } = setUp({ awayMs: 40 });
    const state = { isOver: false };
    const hopeless = patience.until(failing(Infinity)).finally(() => (state.isOver = true));
    const others = (async () => {
      while (!state.isOver) {
        await patience.until(failing(1));
        await new Promise(setImmediate);
      }
    })();
    await expect(hopeless).rejects.toThrow(DatabaseAwayError);
    await others;
  });

  it('has all who wait try at once when one finds it there', async () => {
    const { patience, said } = setUp({ backoff: hours, awayMs: 7_200_000 });
    let failures = 0;
    const waiting = [1, 2, 3].map(() => {
      const action = failing(2);
      return patience.until(() => action().catch(rethrowAfter(() => failures++)));
    });
    await until(() => failures === 6);
    expect(said).toEqual(['app: nobody answers; trying again']);
    await patience.until(failing(0));
    expect(await Promise.all(waiting)).toEqual([3, 3, 3]);
    expect(said).toEqual(wentAndCame);
    expect(patience.returns).toBe(1);
  });

  it('waits no more when it is told to, but for a last try', async () => {
    const end = new AbortController();
    const { patience, said } = setUp({ backoff: hours, awayMs: 7_200_000, signal: end.signal });
    let failures = 0;
    const calls = [1, 2].map(() => patience.until(() => failing(1)().catch(rethrowAfter(() => failures++))));
    await until(() => failures === 4);
    end.abort();
    for (const result of await Promise.allSettled(calls)) {
      expect(result).toMatchObject({ reason: new DatabaseAwayError('app stayed away: nobody answers') });
    }
    expect(failures).toBe(6);
    expect(said).toHaveLength(1);
  });

  it('waits longer and longer, with jitter, and starts over after progress', async () => {
    const delays: number[] = [];
    const { patience } = setUp({
      backoff: { retryDelay: 2, retryMaxDelay: 8, retryFactor: 2 },
      random: () => 0.5,
    });
    const tries = patience.tries();
    const measure = async () => {
      const start = performance.now();
      await tries.afterFault(away);
      delays.push(performance.now() - start);
    };
    for (let i = 0; i < 5; i++) {
      await measure();
    }
    // At least so long: timers may be late, never early by more than their millisecond.
    for (const [i, least] of [2, 4, 8, 8, 8].entries()) {
      expect(delays[i]).toBeGreaterThan(least - 1.5);
    }
    tries.wentWell();
    expect(patience.returns).toBe(1);
  });
});

/** For `catch`: the error goes on. */
function rethrowAfter(notice: () => void): (error: unknown) => never {
  return (error) => {
    notice();
    throw error;
  };
}
