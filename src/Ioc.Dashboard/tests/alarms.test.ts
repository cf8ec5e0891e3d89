import { describe, expect, it } from 'vitest';
import { AlarmOrder, compareAlarms, countByPriority } from '../live/alarmOrder';
import { alarm } from './samples';

const ids = (order: AlarmOrder) => order.rows.map(({ id }) => id);

describe('the order of alarms', () => {
  it('is unacknowledged and returned before acknowledged, then priority, then the newest start', () => {
    const sorted = [
      alarm(1, { state: 'activeAcknowledged', priority: 1 }),
      alarm(2, { priority: 3, raisedAt: '2026-11-22T02:00:00Z' }),
      alarm(3, { priority: 3, raisedAt: '2026-11-22T03:00:00Z' }),
      alarm(4, { state: 'returnedUnacknowledged', priority: 2 }),
      alarm(5, { priority: 4 }),
    ].sort(compareAlarms);
    expect(sorted.map(({ id }) => id)).toEqual([4, 3, 2, 5, 1]);
  });

  it('lets no row move while a hand is on the list', () => {
    const order = new AlarmOrder();
    order.settle([alarm(1, { priority: 3 }), alarm(2, { priority: 4 })]);
    order.hold([
      alarm(1, { priority: 3, state: 'activeAcknowledged', version: 2 }),
      alarm(3, { priority: 1 }),
    ]);
    expect(ids(order)).toEqual([1, 2]);
    expect(order.rows[0]?.state).toBe('activeAcknowledged');
    expect(order.rows[1]?.state).toBe('normal');
    expect(order.waitingCount).toBe(1);
  });

  it('lets in what waited when it settles', () => {
    const order = new AlarmOrder();
    order.settle([alarm(1)]);
    order.hold([alarm(1), alarm(3, { priority: 1 })]);
    order.settle([alarm(1), alarm(3, { priority: 1 })]);
    expect(ids(order)).toEqual([3, 1]);
    expect(order.waitingCount).toBe(0);
  });

  it('counts open alarms and, among them, those nobody acknowledged', () => {
    const { active, unacknowledged } = countByPriority([
      alarm(1, { priority: 1 }),
      alarm(2, { priority: 1, state: 'activeAcknowledged' }),
      alarm(3, { priority: 4, state: 'returnedUnacknowledged' }),
    ]);
    expect(active).toEqual([0, 2, 0, 0, 1]);
    expect(unacknowledged).toEqual([0, 1, 0, 0, 1]);
  });
});
