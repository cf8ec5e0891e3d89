import { dataState } from './age';
import type { LiveStore } from './store';

type Aggregate = 'sum' | 'mean' | 'highest';

/**
 * How a family's headline values make one figure; a family that is not here shows only who is online.
 * Water levels are not here: each gauge has a zero mark of its own, and metres of two gauges do not compare.
 */
const aggregates: Readonly<Record<string, Aggregate>> = {
  traffic: 'mean',
  air: 'highest',
  rain: 'highest',
  electricity: 'sum',
  onestop: 'sum',
  lighting: 'sum',
};

export interface FamilySummary {
  family: string;
  total: number;
  online: number;
  worstPriority: number;
  aggregate: Aggregate | null;
  /** Over live values only; null when there is none. */
  value: number | null;
  metric: string | null;
  /** Where the highest value is. */
  place: string | null;
  /** The newest value that went in. */
  at: number | null;
}

/** One row per family in scope, in the server's order. */
export function summarise(store: LiveStore, now: number): FamilySummary[] {
  const leading = leadingMetrics(store);
  const byFamily = new Map<string, FamilySummary & { count: number; summed: number }>();
  for (const h of store.handles) {
    const info = store.info(h);
    if (info === undefined) continue;
    let summary = byFamily.get(info.family);
    if (summary === undefined) {
      const aggregate = aggregates[info.family] ?? null;
      summary = {
        family: info.family,
        total: 0,
        online: 0,
        worstPriority: 0,
        aggregate,
        value: null,
        metric: leading.get(info.family) ?? null,
        place: null,
        at: null,
        count: 0,
        summed: 0,
      };
      byFamily.set(info.family, summary);
    }
    summary.total++;
    if (store.deviceState(h) === 'online') summary.online++;
    const priority = store.priority[h] ?? 0;
    if (priority > 0 && (summary.worstPriority === 0 || priority < summary.worstPriority))
      summary.worstPriority = priority;

    const value = store.value[h] ?? Number.NaN;
    const at = store.measuredAt(h);
    if (summary.aggregate === null || at === null || Number.isNaN(value)) continue;
    if (dataState(at, store.periodMs[h] ?? 0, now) !== 'live') continue;
    if (info.metric !== summary.metric) continue;
    summary.count++;
    summary.summed += value;
    if (summary.at === null || at > summary.at) summary.at = at;
    if (summary.aggregate === 'highest') {
      if (summary.value === null || value > summary.value) {
        summary.value = value;
        summary.place = info.areaName ?? info.name;
      }
    } else {
      summary.value = summary.aggregate === 'sum' ? summary.summed : summary.summed / summary.count;
    }
  }
  const order = (family: string) => {
    const index = store.families.indexOf(family);
    return index < 0 ? store.families.length : index;
  };
  return [...byFamily.values()].sort((a, b) => order(a.family) - order(b.family));
}

/** Devices of one family may lead with different metrics: only like is put with like, and most devices decide. */
function leadingMetrics(store: LiveStore): Map<string, string> {
  const counts = new Map<string, Map<string, number>>();
  for (const h of store.handles) {
    const info = store.info(h);
    if (info === undefined || info.metric === null) continue;
    const family = counts.get(info.family) ?? new Map<string, number>();
    family.set(info.metric, (family.get(info.metric) ?? 0) + 1);
    counts.set(info.family, family);
  }
  return new Map(
    [...counts].map(([family, metrics]) => [family, [...metrics].sort(([, a], [, b]) => b - a)[0]![0]]),
  );
}
