import { describe, expect, it } from 'vitest';
import { LiveStore } from '../live/store';
import { alarm, device, snapshot } from './samples';

function joined(): LiveStore {
  const store = new LiveStore();
  store.applySnapshot(snapshot(1));
  return store;
}

const moved = (h: number, value: number | string | boolean | null) => ({
  h,
  state: 'online' as const,
  lastSeen: 2_000,
  value,
  at: 2_000,
  quality: [],
  priority: 0,
});

describe('the live store', () => {
  it('shows a device as the snapshot gave it', () => {
    const store = joined();
    expect(store.info(1)).toMatchObject({ id: 'D-1', name: 'Thiết bị 1', zones: ['quy-nhon'] });
    expect(store.reading(1)).toBe(11);
    expect(store.measuredAt(1)).toBe(1_000);
    expect(store.deviceState(1)).toBe('online');
    expect(store.find('D-2')).toBe(2);
  });

  it('moves only what a change names', () => {
    const store = joined();
    expect(
      store.applyChanges({
        seq: 2,
        serverTime: 2_000,
        devices: [{ ...moved(1, 99.5), state: 'stale', quality: ['estimated'], priority: 2 }],
      }),
    ).toBe('applied');
    expect(store.reading(1)).toBe(99.5);
    expect(store.deviceState(1)).toBe('stale');
    expect(store.quality(1)).toEqual(['estimated']);
    expect(store.priority[1]).toBe(2);
    expect(store.reading(0)).toBe(10);
  });

  it('keeps words and truth values, and tells no value from zero', () => {
    const store = joined();
    store.applyChanges({
      seq: 2,
      serverTime: 2_000,
      devices: [moved(0, 'on'), moved(1, true), moved(2, null)],
    });
    expect([store.reading(0), store.reading(1), store.reading(2)]).toEqual(['on', true, null]);
    store.applyChanges({ seq: 3, serverTime: 2_000, devices: [moved(0, 0)] });
    expect(store.reading(0)).toBe(0);
  });

  it('asks for a snapshot when a number is missing, and ignores deltas until it comes', () => {
    const store = joined();
    expect(store.applyBeat({ seq: 3, serverTime: 2_000 })).toBe('gap');
    expect(store.awaiting).toBe(true);
    expect(store.applyChanges({ seq: 4, serverTime: 2_000, devices: [moved(1, 99)] })).toBe('ignored');
    expect(store.reading(1)).toBe(11);
    store.applySnapshot(snapshot(5));
    expect(store.applyChanges({ seq: 6, serverTime: 2_000, devices: [moved(1, 99)] })).toBe('applied');
    expect(store.reading(1)).toBe(99);
  });

  it('asks for a snapshot when a change speaks of a device it does not know', () => {
    expect(joined().applyChanges({ seq: 2, serverTime: 2_000, devices: [moved(7, 1)] })).toBe('gap');
  });

  it('asks for a snapshot when a device gives its first value, whose metric no delta names', () => {
    const store = new LiveStore();
    store.applySnapshot(snapshot(1, { devices: [device(0, { metric: null, value: null, at: null })] }));
    expect(store.applyChanges({ seq: 2, serverTime: 2_000, devices: [moved(0, null)] })).toBe('applied');
    expect(store.applyChanges({ seq: 3, serverTime: 2_000, devices: [moved(0, 7)] })).toBe('gap');
  });

  it('applies a fresh snapshot as a difference: what did not change keeps its identity', () => {
    const store = new LiveStore();
    const same = alarm(5);
    store.applySnapshot(snapshot(1, { alarms: [same, alarm(6)] }));
    const before = store.info(1);
    store.applySnapshot(snapshot(9, { devices: [device(1), device(3)], alarms: [{ ...same }, alarm(7)] }));
    expect(store.info(1)).toBe(before);
    expect(store.handles).toEqual([1, 3]);
    expect(store.info(0)).toBeUndefined();
    expect(store.find('D-0')).toBeUndefined();
    expect(store.alarms.get(5)).toBe(same);
    expect([...store.alarms.keys()]).toEqual([5, 7]);
  });

  it('takes an alarm by version, whichever way it comes first', () => {
    const store = joined();
    store.putAlarm(alarm(5, { version: 3, state: 'activeAcknowledged' }));
    store.applyAlarm({ seq: 2, serverTime: 2_000, alarm: alarm(5, { version: 2 }) });
    expect(store.alarms.get(5)?.version).toBe(3);
    store.applyAlarm({ seq: 3, serverTime: 2_000, alarm: alarm(5, { version: 4, state: 'normal' }) });
    expect(store.alarms.size).toBe(0);
  });

  it('grows for handles far apart', () => {
    const store = joined();
    store.applySnapshot(snapshot(2, { devices: [device(5_000, { lat: null, lon: null })] }));
    expect(store.reading(5_000)).toBe(5_010);
    expect(store.lat[5_000]).toBeNaN();
  });
});
