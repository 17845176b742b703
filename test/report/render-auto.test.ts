import { describe, expect, it } from 'vitest';
import { renderAuto } from '../../src/report/render-auto.ts';

const host = { host: 'http://a.example', limit: 40, most: 1_080, requests: 9 };

describe('renderAuto', () => {
  it('has nothing to say of a number, or of no host', () => {
    expect(renderAuto(50, { width: 80 })).toEqual([]);
    expect(renderAuto({ mode: 'auto', hosts: [] }, { width: 80 })).toEqual([]);
  });

  it('shows five hosts, and a rate where one was learnt', () => {
    const limited = { ...host, host: 'http://b.example\u001b[1m', limit: 2, most: 20, rate: 99.13 };
    const lines = renderAuto({ mode: 'auto', hosts: [host, limited, host, host, host, host] }, { width: 80 });
    expect(lines.slice(0, 3)).toEqual([
      'concurrency auto',
      '  40 at once  (most 1,080)          http://a.example',
      String.raw`   2 at once     (most 20)  99.1/s  http://b.example\u{1b}[1m`,
    ]);
    expect(lines).toHaveLength(6);
  });

  it('clips what does not fit', () => {
    expect(renderAuto({ mode: 'auto', hosts: [host] }, { width: 20 })[1]).toHaveLength(20);
  });
});
