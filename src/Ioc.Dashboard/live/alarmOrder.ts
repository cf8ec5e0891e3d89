import type { Alarm } from './contract';

/** Unacknowledged before acknowledged, then priority, then the newest start. */
export function compareAlarms(a: Alarm, b: Alarm): number {
  return (
    Number(isAcknowledged(a)) - Number(isAcknowledged(b)) ||
    a.priority - b.priority ||
    (a.raisedAt < b.raisedAt ? 1 : a.raisedAt > b.raisedAt ? -1 : 0) ||
    b.id - a.id
  );
}

export function isAcknowledged(alarm: Alarm): boolean {
  return alarm.state === 'activeAcknowledged' || alarm.state === 'normal';
}

/** The rows on screen. While a hand is on them they keep their places: what comes waits, what goes stays and says so. */
export class AlarmOrder {
  private shown = new Map<number, Alarm>();
  private waiting = 0;

  get rows(): Alarm[] {
    return [...this.shown.values()];
  }

  /** Alarms that wait for the next settling. */
  get waitingCount(): number {
    return this.waiting;
  }

  settle(alarms: readonly Alarm[]): void {
    this.shown = new Map([...alarms].sort(compareAlarms).map((alarm) => [alarm.id, alarm]));
    this.waiting = 0;
  }

  hold(alarms: readonly Alarm[]): void {
    const present = new Map(alarms.map((alarm) => [alarm.id, alarm]));
    for (const [id, old] of this.shown) {
      this.shown.set(id, present.get(id) ?? { ...old, state: 'normal' });
    }
    this.waiting = alarms.reduce((count, alarm) => count + (this.shown.has(alarm.id) ? 0 : 1), 0);
  }
}

/** Open alarms by priority, index 1 to 4. */
export function countByPriority(alarms: Iterable<Alarm>): { unacknowledged: number[]; active: number[] } {
  const unacknowledged = [0, 0, 0, 0, 0];
  const active = [0, 0, 0, 0, 0];
  for (const alarm of alarms) {
    const { priority } = alarm;
    active[priority] = (active[priority] ?? 0) + 1;
    if (!isAcknowledged(alarm)) unacknowledged[priority] = (unacknowledged[priority] ?? 0) + 1;
  }
  return { unacknowledged, active };
}
