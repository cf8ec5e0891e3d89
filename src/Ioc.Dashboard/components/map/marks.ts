import { deviceStates, type LiveStore } from '../../live/store';

/** A device with a place, by its standing: alarms before crosses before dots when two lie under one finger. */
export type Standing = 'alarm' | 'offline' | 'quiet';

/** Where the devices of one view stand, in CSS pixels. Reused from frame to frame. */
export interface Placed {
  h: number;
  x: number;
  y: number;
  standing: Standing;
  priority: number;
}

/** A commune seen from afar: how many are quiet, how many are silent, how many are in alarm and how badly. */
export interface Cluster {
  x: number;
  y: number;
  quiet: number;
  offline: number;
  alarms: number;
  /** The worst priority of its alarms; 0 when there is none. */
  worst: number;
  /** The commune, or the largest of those that stand too close for badges of their own. */
  name: string;
}

/** Badges closer than this cover each other. */
const badgeWidth = 58;
const badgeHeight = 36;

const offline = deviceStates.indexOf('offline');

/** @param toPixel from web mercator metres to CSS pixels, as an affine matrix a, b, c, d, e, f */
export function place(
  store: LiveStore,
  mercator: Mercator,
  toPixel: readonly number[],
  width: number,
  height: number,
): Placed[] {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = toPixel;
  const margin = 30;
  const placed: Placed[] = [];
  for (const h of store.handles) {
    const mx = mercator.x(store, h);
    if (Number.isNaN(mx)) continue;
    const my = mercator.y(store, h);
    const x = a * mx + c * my + e;
    const y = b * mx + d * my + f;
    if (x < -margin || y < -margin || x > width + margin || y > height + margin) continue;
    const priority = store.priority[h] ?? 0;
    const standing = priority > 0 ? 'alarm' : store.state[h] === offline ? 'offline' : 'quiet';
    placed.push({ h, x, y, standing, priority });
  }
  return placed;
}

/** One badge for each commune, in the middle of its devices. */
export function byCommune(store: LiveStore, placed: readonly Placed[]): Cluster[] {
  const communes = new Map<string, Cluster & { total: number }>();
  for (const { h, x, y, standing, priority } of placed) {
    const area = store.info(h)?.area ?? '';
    let cluster = communes.get(area);
    if (cluster === undefined) {
      cluster = {
        x: 0,
        y: 0,
        quiet: 0,
        offline: 0,
        alarms: 0,
        worst: 0,
        total: 0,
        name: shortName(store.info(h)?.areaName ?? ''),
      };
      communes.set(area, cluster);
    }
    cluster.x += x;
    cluster.y += y;
    cluster.total++;
    if (standing === 'quiet') cluster.quiet++;
    else if (standing === 'offline') cluster.offline++;
    else {
      cluster.alarms++;
      cluster.worst = cluster.worst === 0 ? priority : Math.min(cluster.worst, priority);
    }
  }
  const kept: Cluster[] = [];
  for (const { total, ...cluster } of [...communes.values()].sort((a, b) => b.total - a.total)) {
    cluster.x /= total;
    cluster.y /= total;
    const near = kept.find(
      ({ x, y }) => Math.abs(x - cluster.x) < badgeWidth && Math.abs(y - cluster.y) < badgeHeight,
    );
    if (near === undefined) {
      kept.push(cluster);
      continue;
    }
    near.quiet += cluster.quiet;
    near.offline += cluster.offline;
    near.alarms += cluster.alarms;
    if (cluster.worst > 0)
      near.worst = near.worst === 0 ? cluster.worst : Math.min(near.worst, cluster.worst);
  }
  return kept.sort((a, b) => (b.worst || 9) - (a.worst || 9));
}

/** The map has no room for the kind of unit. */
function shortName(name: string): string {
  return name.replace(/^(Phường|Xã|Đặc khu) /u, '');
}

export interface Heap extends Placed {
  count: number;
}

/** Abnormal devices closer than `reach` become their worst one with a count; the worst comes last, to be drawn on top. */
export function heaps(placed: readonly Placed[], reach: number): Heap[] {
  const alarms = placed
    .filter(({ standing }) => standing === 'alarm')
    .sort((a, b) => a.priority - b.priority);
  const made: Heap[] = [];
  for (const alarm of alarms) {
    const near = made.find(({ x, y }) => Math.hypot(x - alarm.x, y - alarm.y) < reach);
    if (near === undefined) made.push({ ...alarm, count: 1 });
    else near.count++;
  }
  return made.toReversed();
}

/** What lies under a point: the nearest of the worst kind within reach. */
export function hit(placed: readonly Placed[], x: number, y: number, reach: number): Placed | null {
  for (const standing of ['alarm', 'offline', 'quiet'] as const) {
    let nearest: Placed | null = null;
    let distance = reach;
    for (const candidate of placed) {
      if (candidate.standing !== standing) continue;
      const away = Math.hypot(candidate.x - x, candidate.y - y);
      if (away <= distance) {
        nearest = candidate;
        distance = away;
      }
    }
    if (nearest !== null) return nearest;
  }
  return null;
}

const earthRadius = 6378137;

/** Web mercator metres of each device, computed when its position changes. */
export class Mercator {
  private lat = new Float64Array(0);
  private lon = new Float64Array(0);
  private xs = new Float64Array(0);
  private ys = new Float64Array(0);

  x(store: LiveStore, h: number): number {
    this.refresh(store, h);
    return this.xs[h] ?? Number.NaN;
  }

  /** Valid after `x` of the same device. */
  y(_store: LiveStore, h: number): number {
    return this.ys[h] ?? Number.NaN;
  }

  private refresh(store: LiveStore, h: number): void {
    if (this.xs.length < store.lat.length) {
      const { length } = store.lat;
      this.lat = new Float64Array(length).fill(Number.NaN);
      this.lon = new Float64Array(length).fill(Number.NaN);
      this.xs = new Float64Array(length).fill(Number.NaN);
      this.ys = new Float64Array(length).fill(Number.NaN);
    }
    const lat = store.lat[h]!;
    const lon = store.lon[h]!;
    if (Object.is(this.lat[h], lat) && Object.is(this.lon[h], lon)) return;
    this.lat[h] = lat;
    this.lon[h] = lon;
    this.xs[h] = earthRadius * lon * (Math.PI / 180);
    this.ys[h] = earthRadius * Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360));
  }
}
