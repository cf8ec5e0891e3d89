import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { byCommune, heaps, hit, Mercator, place, type Placed } from '../components/map/marks';
import { LiveStore } from '../live/store';
import { device, snapshot } from './samples';

const mark = (h: number, x: number, y: number, standing: Placed['standing'], priority = 0): Placed => ({
  h,
  x,
  y,
  standing,
  priority,
});

describe('marks on the map', () => {
  it('stand by alarm, then by lost contact, and only where a place is known', () => {
    const store = new LiveStore();
    store.applySnapshot(
      snapshot(1, {
        devices: [
          device(0),
          device(1, { state: 'offline' }),
          device(2, { priority: 2, state: 'offline' }),
          device(3, { lat: null, lon: null }),
        ],
      }),
    );
    const everything = place(store, new Mercator(), [0, 0, 0, 0, 50, 50], 100, 100);
    expect(everything.map(({ h, standing }) => [h, standing])).toEqual([
      [0, 'quiet'],
      [1, 'offline'],
      [2, 'alarm'],
    ]);
  });

  it('follow a device that is moved', () => {
    const store = new LiveStore();
    const mercator = new Mercator();
    store.applySnapshot(snapshot(1, { devices: [device(0, { lat: 0, lon: 0 })] }));
    expect(mercator.x(store, 0)).toBe(0);
    store.applySnapshot(snapshot(2, { devices: [device(0, { lat: 0, lon: 180 })] }));
    expect(mercator.x(store, 0)).toBeCloseTo(20037508.34, 1);
  });

  it('heap up to the worst priority with a count, drawn last', () => {
    const made = heaps(
      [
        mark(1, 0, 0, 'alarm', 3),
        mark(2, 5, 0, 'alarm', 1),
        mark(3, 200, 0, 'alarm', 4),
        mark(4, 0, 0, 'quiet'),
      ],
      20,
    );
    expect(made.map(({ h, count }) => [h, count])).toEqual([
      [3, 1],
      [2, 2],
    ]);
  });

  it('give way to one badge for each commune, the worst drawn last', () => {
    const store = new LiveStore();
    store.applySnapshot(
      snapshot(1, { devices: [device(0), device(1), device(2, { area: '21907' }), device(3)] }),
    );
    const marks = [
      mark(2, 90, 50, 'alarm', 1),
      mark(0, 0, 0, 'quiet'),
      mark(1, 10, 20, 'quiet'),
      mark(3, 5, 10, 'offline'),
    ];
    expect(byCommune(store, marks)).toEqual([
      { x: 5, y: 10, quiet: 2, offline: 1, alarms: 0, worst: 0, name: 'Quy Nhơn' },
      { x: 90, y: 50, quiet: 0, offline: 0, alarms: 1, worst: 1, name: 'Quy Nhơn' },
    ]);
  });

  it('share a badge where communes stand too close', () => {
    const store = new LiveStore();
    const other = device(2, { area: '21907', areaName: 'Phường Bình Định' });
    store.applySnapshot(snapshot(1, { devices: [device(0), device(1), other] }));
    const marks = [mark(0, 0, 0, 'quiet'), mark(1, 0, 0, 'quiet'), mark(2, 20, 10, 'alarm', 2)];
    expect(byCommune(store, marks)).toEqual([
      { x: 0, y: 0, quiet: 2, offline: 0, alarms: 1, worst: 2, name: 'Quy Nhơn' },
    ]);
  });

  it('are hit abnormal first, then the nearest within reach', () => {
    const marks = [mark(1, 0, 0, 'quiet'), mark(2, 8, 0, 'alarm', 4), mark(3, 30, 0, 'quiet')];
    expect(hit(marks, 1, 0, 12)?.h).toBe(2);
    expect(hit(marks, 27, 0, 12)?.h).toBe(3);
    expect(hit(marks, 50, 50, 12)).toBeNull();
  });
});

describe('the basemap', () => {
  it('stays inside the province', () => {
    const { features } = JSON.parse(readFileSync('public/basemap/gia-lai.json', 'utf8')) as {
      features: { geometry: { coordinates: unknown } }[];
    };
    const numbers = features.flatMap(({ geometry }) => (geometry.coordinates as number[][]).flat(3));
    const flat = numbers.flat(3) as number[];
    expect(flat.filter((value, i) => i % 2 === 0 && (value < 107 || value > 111))).toEqual([]);
    expect(flat.filter((value, i) => i % 2 === 1 && (value < 12 || value > 16))).toEqual([]);
  });
});
