import { describe, expect, it } from 'vitest';
import { dataState, doubts } from '../live/age';
import { summarise } from '../live/family';
import { toLines } from '../live/history';
import { LiveStore } from '../live/store';
import { device, snapshot } from './samples';

describe('the state of a value', () => {
  const at = 1_000_000;

  it.each([
    [30_000, 'live'],
    [30_001, 'old'],
    [100_000, 'old'],
    [100_001, 'lost'],
  ])('of a device that speaks every 10 s is after %i ms: %s', (age, state) => {
    expect(dataState(at, 10_000, at + age)).toBe(state);
  });

  it('is never old before five seconds, however often the device speaks', () => {
    expect(dataState(at, 100, at + 5_000)).toBe('live');
    expect(dataState(at, 100, at + 5_001)).toBe('lost');
  });

  it('is none without a time and judged by a minute without a known period', () => {
    expect(dataState(null, 10_000, at)).toBe('none');
    expect(dataState(at, 0, at + 180_000)).toBe('live');
    expect(dataState(at, 0, at + 180_001)).toBe('old');
  });

  it('carries only the doubts it has a mark for', () => {
    expect(doubts(['estimated', 'unheard-of', 'clock'])).toEqual(['estimated', 'clock']);
  });
});

describe('a family summary', () => {
  it('leaves out what is not live and names the place of the highest', () => {
    const store = new LiveStore();
    store.applySnapshot(
      snapshot(1, {
        devices: [
          device(0, { value: 20, at: 100_000, areaName: 'Bồng Sơn' }),
          device(1, { value: 80, at: 0, state: 'offline', priority: 2 }),
          device(2, { value: 30, at: 99_000, areaName: 'Quy Nhơn', priority: 3 }),
        ],
      }),
    );
    expect(summarise(store, 100_500)).toMatchObject([
      { family: 'air', total: 3, online: 2, value: 30, place: 'Quy Nhơn', at: 100_000, worstPriority: 2 },
    ]);
  });

  it('puts together only what measures the same as most of the family', () => {
    const store = new LiveStore();
    store.applySnapshot(
      snapshot(1, {
        devices: [
          device(0, { metric: 'pm10', value: 900 }),
          device(1, { value: 20 }),
          device(2, { value: 30, areaName: 'Bồng Sơn' }),
        ],
      }),
    );
    expect(summarise(store, 2_000)).toMatchObject([{ metric: 'pm2_5', value: 30, place: 'Bồng Sơn' }]);
  });

  it('adds up no water levels: gauges have zero marks of their own', () => {
    const store = new LiveStore();
    store.applySnapshot(
      snapshot(1, { devices: [device(0, { family: 'water-level', metric: 'water_level' })] }),
    );
    expect(summarise(store, 2_000)).toMatchObject([{ aggregate: null, value: null }]);
  });

  it('has no value rather than zero when nothing is live', () => {
    const store = new LiveStore();
    store.applySnapshot(snapshot(1));
    expect(summarise(store, 10_000_000)[0]?.value).toBeNull();
  });
});

describe('a history', () => {
  const reading = (second: number, channel: string | null, value: number | string) => ({
    at: new Date(second * 1000).toISOString(),
    channel,
    value,
    quality: [],
  });

  it('breaks the line where the device was silent', () => {
    const lines = toLines([reading(10, null, 1), reading(20, null, 2), reading(60, null, 3)], 15_000);
    expect(lines.times).toEqual([10, 20, 20.001, 60]);
    expect(lines.values).toEqual([[1, 2, null, 3]]);
  });

  it('does not break one channel where another speaks', () => {
    const lines = toLines([reading(10, 'L1', 1), reading(11, 'L2', 5), reading(20, 'L1', 2)], 15_000);
    expect(lines.channels).toEqual(['L1', 'L2']);
    expect(lines.values).toEqual([
      [1, undefined, 2],
      [undefined, 5, undefined],
    ]);
  });

  it('draws no words', () => {
    expect(toLines([reading(10, null, 'on')], 1_000).channels).toEqual([]);
  });
});
