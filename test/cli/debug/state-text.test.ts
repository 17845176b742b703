import { expect, it } from 'vitest';
import { sampleText, stateText } from '../../../src/cli/debug/state-text.ts';
import type { RunState } from '../../../src/model/run-state.ts';

const state: RunState = {
  read: 10_000,
  sourceEnded: true,
  waiting: 8_750,
  inFlight: 50,
  finished: 1_200,
  requests: 1_284,
  retries: 34,
  sockets: 50,
  between: 12,
  sourceWaits: false,
  sinkIsBehind: false,
  sinkWaits: false,
  hosts: 2,
  busiest: [
    { origin: 'http://api.example.com', inFlight: 47, limit: 50, lanes: 47, waiting: 8_738, pausedMs: 0 },
    { origin: 'http://b', inFlight: 3, lanes: 3, waiting: 0, pausedMs: 12_300 },
  ],
  oldest: [
    { id: '17', url: 'http://api.example.com/17', attempt: 2, forMs: 4_200, phase: 'request' },
    { id: 'eighteen', url: 'http://b/18', attempt: 1, forMs: 310, phase: 'connect' },
  ],
};

it('shows how far, how fast, which hosts and what takes long', () => {
  expect(stateText(state, { failed: 12, elapsedMs: 4_500 })).toBe(
    `
bulkfetch: 1,200 of 10,000 done (12 failed) in 4.50 s, 267/s
  50 in flight, 8,750 waiting (12 for another attempt), 34 retries, 50 connections
  host                    in flight  lanes  waiting
  http://api.example.com      47/50     47    8,738
  http://b                        3      3        0  held back for 12.30 s
  oldest in flight     for  attempt  awaits
  17                4.20 s        2  answer      http://api.example.com/17
  eighteen          310 ms        1  connection  http://b/18
`.trim(),
  );
});

it('says which stage the others wait for', () => {
  const quiet = { ...state, between: 0, hosts: 0, busiest: [], oldest: [], retries: 0, limit: 60 };
  const waiting = { ...quiet, sourceEnded: false, sinkIsBehind: true, sourceWaits: true };
  expect(stateText(waiting, { failed: 0, elapsedMs: 0 })).toBe(
    `
bulkfetch: 1,200 done, 10,000 read in 0.00 ms, 0/s
  50 of 60 in flight, 8,750 waiting, 50 connections
  the output is behind: nothing starts until it has caught up
  the queue is full: the source waits
`.trim(),
  );
  const hungry = { ...quiet, sourceEnded: false, inFlight: 0, waiting: 0 };
  expect(stateText(hungry, { failed: 0, elapsedMs: 0 })).toContain('the source is awaited');
});

it('says how many are in the transforms', () => {
  const idle = { ...state, inFlight: 0, waiting: 0, between: 0, retries: 0, sourceEnded: false };
  const text = stateText({ ...idle, sinkIsBehind: true, transforming: 2_100 }, { failed: 0, elapsedMs: 1 });
  expect(text).toContain('\n  0 in flight, 0 waiting, 2,100 in the transforms, 50 connections\n');
  expect(text).toContain('the transforms or the output are behind');
  expect(text).not.toContain('the source is awaited');
  expect(stateText({ ...idle, transforming: 0 }, { failed: 0, elapsedMs: 1 })).not.toContain('transforms');
});

it('of many hosts says how many there are', () => {
  expect(stateText({ ...state, hosts: 2_000 }, { failed: 0, elapsedMs: 1 })).toContain(
    'busiest of 2,000 hosts',
  );
});

it('fits in a line of the log', () => {
  expect(sampleText(state, { failed: 12 }, 266.7)).toBe(
    '1,200 of 10,000 done, 12 failed, 267/s, 50 in flight, 8,750 waiting (12 for another attempt), 34 retries, 50 connections',
  );
});
