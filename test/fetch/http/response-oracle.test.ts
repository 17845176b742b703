import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { validAnswer } from './reading/arbitrary.ts';
import { laxer, stricter } from './reading/differences.ts';
import { llhttpReads } from './reading/llhttp.ts';
import { mutations } from './reading/mutate.ts';
import { read, type Reading, type Whole } from './reading/read.ts';

/** The same cases on every run: what another seed finds belongs into the tables. */
const seeded = { seed: 1, numRuns: 4000 };

describe('llhttp', () => {
  it('reads the same from every valid answer', async () => {
    await fc.assert(
      fc.asyncProperty(validAnswer, async ({ method, text }) => expectAgreement(text, method)),
      seeded,
    );
  });

  it('reads the same from every broken answer, or both refuse it', async () => {
    await fc.assert(
      fc.asyncProperty(validAnswer, mutations, async ({ method, text }, mutate) =>
        expectAgreement(mutate(text), method),
      ),
      seeded,
    );
  });
});

describe('we take what llhttp does not:', () => {
  it.each(laxer)('$why', async ({ example, method, asStrict }) => {
    const ours = taken(read(example, method));
    expect(summary(await llhttpReads(example, method))).not.toMatchObject(pick(ours));
    expect(summary(await llhttpReads(asStrict(example, method), method))).toMatchObject(pick(ours));
  });
});

describe('llhttp takes what we do not:', () => {
  it.each(stricter)('$why', async ({ example, refused, is }) => {
    expect(read(example)).toEqual({ refused });
    expect(is?.(example)).not.toBe(false);
    taken(await llhttpReads(example, 'GET'));
  });
});

async function expectAgreement(text: string, method: 'GET' | 'HEAD'): Promise<void> {
  const ours = read(text, method);
  if ('refused' in ours) {
    const theirs = await llhttpReads(text, method);
    const isKnown = stricter.some(({ refused, is }) => refused === ours.refused && is?.(text) !== false);
    if (!('refused' in theirs) && !isKnown) {
      expect.fail(`${JSON.stringify(text)} is refused: ${ours.refused}`);
    }
  } else {
    const strict = laxer.reduce((sofar, { asStrict }) => asStrict(sofar, method), text);
    const theirs = await llhttpReads(strict, method);
    expect(summary(theirs), JSON.stringify(text)).toMatchObject(pick(ours));
  }
}

/** What has to be the same: not to use a connection again is always safe. */
function pick({ status, headers, body, isReusable }: Whole) {
  const fields = Object.entries(headers).filter(([name]) => !rewritten.has(name));
  return { status, fields, body, ...(isReusable && { isReusable }) };
}

function summary(reading: Reading) {
  return 'refused' in reading ? reading : pick(reading);
}

/** Fields that are taken off an answer to put it right for llhttp. */
const rewritten = new Set(['content-length', 'transfer-encoding', 'proxy-connection']);

function taken(reading: Reading): Whole {
  return 'refused' in reading ? expect.fail(`refused: ${reading.refused}`) : reading;
}
