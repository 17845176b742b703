import { describe, expect, it } from 'vitest';
import { standingOf, type PastPage, type PastRule } from '../../../src/sinks/sql/standing.ts';

const url = 'http://a/1';
const rule: PastRule = {
  retried: 'all',
  resendsUnknown: false,
  expired: Number.NEGATIVE_INFINITY,
  maxPages: undefined,
};
const following = { ...rule, maxPages: 10 };

function page(number: number, fields: Partial<PastPage> = {}): PastPage {
  const here = number === 1 ? url : `${url}?page=${number}`;
  const error = { kind: undefined, code: undefined };
  return {
    page: number,
    url: here,
    next: undefined,
    ok: true,
    status: 200,
    error,
    fetchedAt: 1000,
    ...fields,
  };
}

const next = (number: number) => `${url}?page=${number}`;
const failed = (number: number, code = 'HTTP_STATUS', status = 500) =>
  page(number, { ok: false, status, error: { kind: code === 'HTTP_STATUS' ? 'status' : 'timeout', code } });
const maybeSent = (number: number) =>
  page(number, { ok: false, status: undefined, error: { kind: 'aborted', code: 'MAYBE_SENT' } });
const fromStart = { is: 'missing', from: undefined };

describe('a task of one page', () => {
  it.each<[string, readonly PastPage[], Partial<PastRule>, unknown]>([
    ['without a row', [], {}, fromStart],
    ['that is ok', [page(1)], {}, { is: 'done' }],
    ['with a next page that nobody wants', [page(1, { next: next(2) })], {}, { is: 'done' }],
    ['of another URL', [page(1, { url: 'http://a/2' })], {}, fromStart],
    ['whose URL the table does not have', [page(1, { url: undefined })], {}, { is: 'done' }],
    ['that failed', [failed(1)], {}, fromStart],
    ['that failed for another cause', [failed(1)], { retried: ['timeout', 503] }, { is: 'failed' }],
    ['that failed for that kind', [failed(1, 'TOTAL_TIMEOUT')], { retried: ['timeout'] }, fromStart],
    ['that failed with that code', [failed(1)], { retried: ['HTTP_STATUS'] }, fromStart],
    ['that failed with that status', [failed(1, 'HTTP_STATUS', 503)], { retried: [503] }, fromStart],
    ['that failed for another URL', [failed(1)], { retried: ['timeout'] }, { is: 'failed' }],
    ['that may have been sent', [maybeSent(1)], {}, { is: 'unknown', from: undefined }],
    ['that is sent again', [maybeSent(1)], { resendsUnknown: true }, fromStart],
    [
      'that is sent again, whatever the causes',
      [maybeSent(1)],
      { resendsUnknown: true, retried: [500] },
      fromStart,
    ],
    ['that is old', [page(1, { fetchedAt: 999 })], { expired: 1000 }, fromStart],
    ['that is not old yet', [page(1)], { expired: 1000 }, { is: 'done' }],
    ['whose age is not known', [page(1, { fetchedAt: undefined })], { expired: 1000 }, { is: 'done' }],
  ])('%s', (_, rows, change, standing) => {
    expect(standingOf(url, rows, { ...rule, ...change })).toEqual(standing);
  });
});

describe('a task whose pages are followed', () => {
  const two = [page(1, { next: next(2) }), page(2, { next: next(3) })];
  const from3 = { page: 3, url: next(3), visited: [url, next(2)] };

  it.each<[string, readonly PastPage[], Partial<PastRule>, unknown]>([
    ['goes on after the last one', two, {}, { is: 'missing', from: from3 }],
    ['has ended with the last one', [...two, page(3)], {}, { is: 'done' }],
    ['has ended with as many as are wanted', two, { maxPages: 2 }, { is: 'done' }],
    ['has no need of more than are wanted', [...two, failed(3)], { maxPages: 2 }, { is: 'done' }],
    ['ended earlier this time', [page(1), page(2, { next: next(3) }), failed(3)], {}, { is: 'done' }],
    ['has a gap', [two[0]!, page(3)], {}, { is: 'missing', from: { page: 2, url: next(2), visited: [url] } }],
    ['lacks the first one', [page(2), page(3)], {}, fromStart],
    [
      'has a page of another chain',
      [...two, page(3, { url: 'http://a/x' })],
      {},
      { is: 'missing', from: from3 },
    ],
    ['has failed at a page', [...two, failed(3)], {}, { is: 'missing', from: from3 }],
    ['has failed at a page for another cause', [...two, failed(3)], { retried: [404] }, { is: 'failed' }],
    ['may have asked for a page', [...two, maybeSent(3)], {}, { is: 'unknown', from: from3 }],
    [
      'asks for that page again',
      [...two, maybeSent(3)],
      { resendsUnknown: true },
      { is: 'missing', from: from3 },
    ],
    ['is as old as its oldest page', [two[0]!, page(2, { fetchedAt: 5 })], { expired: 9 }, fromStart],
  ])('%s', (_, rows, change, standing) => {
    expect(standingOf(url, rows, { ...following, ...change })).toEqual(standing);
  });
});
