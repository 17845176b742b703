import * as fc from 'fast-check';
import { expect } from 'vitest';
import { failureCodes } from '../../src/model/failure.ts';
import { fetchAll } from '../fetch/behaviour/fetching.ts';
import { cut, validAnswer } from '../fetch/http/reading/arbitrary.ts';
import { mutations } from '../fetch/http/reading/mutate.ts';
import { read, readPieces } from '../fetch/http/reading/read.ts';
import { requestHeads } from '../servers/heads.ts';
import { rawServer } from '../servers/raw.ts';
import { fuzz } from './fuzz.ts';

const sound = validAnswer.map((answer) => ({ ...answer, isBroken: false }));
const broken = fc
  .tuple(validAnswer, mutations)
  .map(([answer, mutate]) => ({ ...answer, text: mutate(answer.text), isBroken: true }));
const any = fc.oneof(sound, broken);

fuzz(
  'an answer, however broken, is read the same however it is cut',
  fc.tuple(any, fc.array(fc.nat(600), { maxLength: 8 })),
  ([{ text, method }, cuts]) => {
    const pieces = cut(text, cuts).filter((piece) => piece !== '');
    const inPieces = readPieces(
      pieces.map((piece) => Buffer.from(piece, 'latin1')),
      method,
    );
    const whole = read(text, method);
    if ('refused' in whole) {
      expect(inPieces).toEqual({ refused: expect.any(String) });
    } else if ('refused' in inPieces) {
      // What follows the answer in the same read is not told, but its connection is never used again.
      expect(inPieces.refused).toBe('bytes came that nobody asked for');
      expect(whole.isReusable).toBe(false);
    } else {
      expect(inPieces).toEqual({ ...whole, isReusable: expect.any(Boolean) });
      expect(inPieces.isReusable && !whole.isReusable).toBe(false);
    }
  },
);

fuzz(
  'over sockets, each task has one record, and a broken answer harms no other',
  fc.array(any, { minLength: 1, maxLength: 12 }),
  async (answers) => {
    await using server = await rawServer(async (socket) => {
      for await (const head of requestHeads(socket)) {
        const { text, isBroken, isReusable } = answers[Number(/\/(\d+) /.exec(head)![1])]!;
        socket.write(text, 'latin1');
        if (isBroken || !isReusable) {
          socket.end(); // so that an answer that is cut off is not waited for
        }
      }
    });
    const inputs = answers.map(({ method }, at) => ({ url: `${server.url}/${at}`, method }));
    const records = await fetchAll(inputs, { concurrency: 3, retry: 0, timeout: '3s', body: 'base64' });
    expect(records.map(({ index }) => index)).toEqual(answers.map((_, at) => at));
    expect(records.filter(({ error }) => error?.kind === 'timeout')).toEqual([]); // nothing was left to wait for
    for (const [at, { ok, status, body, error }] of records.entries()) {
      const answer = answers[at]!;
      if (!answer.isBroken) {
        expect({ status, body: body ?? '' }).toEqual({
          status: answer.status,
          body: Buffer.from(answer.body, 'latin1').toString('base64'),
        });
      } else if (!ok) {
        expect(Object.keys(failureCodes)).toContain(error?.code);
      }
    }
  },
  40,
);
