import type {
  Alarm,
  AlarmChanged,
  Beat,
  Changes,
  DeviceState,
  LiveDevice,
  MetricInfo,
  ReadingValue,
  Snapshot,
  ZoneInfo,
} from './contract';

/** What does not move while a snapshot lasts. */
export interface DeviceInfo {
  readonly h: number;
  readonly id: string;
  readonly key: string;
  readonly name: string;
  readonly family: string;
  readonly profile: string | null;
  readonly area: string | null;
  readonly areaName: string | null;
  readonly zones: readonly string[];
  readonly metric: string | null;
  readonly channel: string | null;
}

/** `gap`: a message is missing or speaks of something unknown; the caller joins again. */
export type Applied = 'applied' | 'ignored' | 'gap';

export const deviceStates: readonly DeviceState[] = ['neverSeen', 'online', 'stale', 'offline'];
const good: readonly string[] = [];

/**
 * The one picture of the city. Devices are columns indexed by the server's dense handle, so a delta costs a
 * few array writes; views read it when a frame is drawn and never per change.
 */
export class LiveStore {
  lat = new Float64Array(0);
  lon = new Float64Array(0);
  state = new Uint8Array(0);
  priority = new Uint8Array(0);
  value = new Float64Array(0);
  at = new Float64Array(0);
  lastSeen = new Float64Array(0);
  periodMs = new Float64Array(0);

  /** Handles in scope, in the snapshot's order. */
  handles: number[] = [];
  zones: readonly ZoneInfo[] = [];
  families: readonly string[] = [];
  metrics: Readonly<Record<string, MetricInfo>> = {};
  province = '';
  build = '';

  readonly alarms = new Map<number, Alarm>();

  private readonly infos: (DeviceInfo | undefined)[] = [];
  private readonly words = new Map<number, string | boolean>();
  private readonly qualities = new Map<number, readonly string[]>();
  private readonly byId = new Map<string, number>();
  private expected: number | null = null;

  /** Called before a join: until its snapshot comes, deltas speak of a picture we do not have. */
  awaitSnapshot(): void {
    this.expected = null;
  }

  get awaiting(): boolean {
    return this.expected === null;
  }

  info(h: number): DeviceInfo | undefined {
    return this.infos[h];
  }

  find(id: string): number | undefined {
    return this.byId.get(id);
  }

  reading(h: number): ReadingValue {
    const word = this.words.get(h);
    if (word !== undefined) return word;
    const number = this.value[h];
    return number === undefined || Number.isNaN(number) ? null : number;
  }

  /** Unix ms, or null when the device never gave its headline value. */
  measuredAt(h: number): number | null {
    const at = this.at[h];
    return at === undefined || Number.isNaN(at) ? null : at;
  }

  quality(h: number): readonly string[] {
    return this.qualities.get(h) ?? good;
  }

  deviceState(h: number): DeviceState {
    return deviceStates[this.state[h] ?? 0] ?? 'neverSeen';
  }

  /** Devices and alarms that did not change keep their identity, so nothing on the page is rebuilt for them. */
  applySnapshot(message: Snapshot): void {
    this.expected = message.seq + 1;
    this.zones = message.zones;
    this.families = message.families;
    this.metrics = message.metrics;
    this.province = message.province;
    this.build = message.build;

    const present = new Set<number>();
    this.grow(message.devices.reduce((most, device) => Math.max(most, device.h), -1) + 1);
    this.byId.clear();
    for (const device of message.devices) {
      present.add(device.h);
      this.place(device);
    }
    for (const h of this.handles) if (!present.has(h)) this.forget(h);
    this.handles = message.devices.map((device) => device.h);

    const open = new Set(message.alarms.map((alarm) => alarm.id));
    for (const id of this.alarms.keys()) if (!open.has(id)) this.alarms.delete(id);
    for (const alarm of message.alarms)
      if (this.alarms.get(alarm.id)?.version !== alarm.version) this.alarms.set(alarm.id, alarm);
  }

  applyChanges(message: Changes): Applied {
    const order = this.follow(message.seq);
    if (order !== 'applied') return order;
    for (const change of message.devices) {
      const info = this.infos[change.h];
      // A new device, or one whose first value says only now which metric it leads with.
      if (info === undefined || (info.metric === null && change.value !== null)) return 'gap';
      this.move(change.h, change);
    }
    return 'applied';
  }

  applyAlarm(message: AlarmChanged): Applied {
    const order = this.follow(message.seq);
    if (order === 'applied') this.putAlarm(message.alarm);
    return order;
  }

  applyBeat(message: Beat): Applied {
    return this.follow(message.seq);
  }

  /** Also for the answer to an acknowledgement, which may come before or after the hub's own message. */
  putAlarm(alarm: Alarm): void {
    const known = this.alarms.get(alarm.id);
    if (known !== undefined && known.version >= alarm.version) return;
    if (alarm.state === 'normal') this.alarms.delete(alarm.id);
    else this.alarms.set(alarm.id, alarm);
  }

  private follow(seq: number): Applied {
    if (this.expected === null) return 'ignored';
    if (seq !== this.expected) {
      this.expected = null;
      return 'gap';
    }
    this.expected++;
    return 'applied';
  }

  private place(device: LiveDevice): void {
    const { h } = device;
    const known = this.infos[h];
    if (known === undefined || !sameInfo(known, device)) {
      this.infos[h] = {
        h,
        id: device.id,
        key: device.key,
        name: device.name,
        family: device.family,
        profile: device.profile,
        area: device.area,
        areaName: device.areaName,
        zones: device.zones,
        metric: device.metric,
        channel: device.channel,
      };
    }
    this.byId.set(device.id, h);
    this.lat[h] = device.lat ?? Number.NaN;
    this.lon[h] = device.lon ?? Number.NaN;
    this.periodMs[h] = device.periodMs;
    this.move(h, device);
  }

  private move(
    h: number,
    to: Pick<LiveDevice, 'state' | 'lastSeen' | 'value' | 'at' | 'quality' | 'priority'>,
  ): void {
    this.state[h] = Math.max(0, deviceStates.indexOf(to.state));
    this.priority[h] = to.priority;
    this.lastSeen[h] = to.lastSeen ?? Number.NaN;
    this.at[h] = to.at ?? Number.NaN;
    if (typeof to.value === 'number' || to.value === null) {
      this.value[h] = to.value ?? Number.NaN;
      this.words.delete(h);
    } else {
      this.value[h] = Number.NaN;
      this.words.set(h, to.value);
    }
    if (to.quality.length === 0) this.qualities.delete(h);
    else this.qualities.set(h, to.quality);
  }

  private forget(h: number): void {
    this.infos[h] = undefined;
    this.words.delete(h);
    this.qualities.delete(h);
  }

  private grow(length: number): void {
    if (length <= this.lat.length) return;
    const grown = (old: Float64Array<ArrayBuffer>) => {
      const array = new Float64Array(length).fill(Number.NaN);
      array.set(old);
      return array;
    };
    const grownBytes = (old: Uint8Array<ArrayBuffer>) => {
      const array = new Uint8Array(length);
      array.set(old);
      return array;
    };
    this.lat = grown(this.lat);
    this.lon = grown(this.lon);
    this.value = grown(this.value);
    this.at = grown(this.at);
    this.lastSeen = grown(this.lastSeen);
    this.periodMs = grown(this.periodMs);
    this.state = grownBytes(this.state);
    this.priority = grownBytes(this.priority);
  }
}

function sameInfo(known: DeviceInfo, device: LiveDevice): boolean {
  return (
    known.id === device.id &&
    known.key === device.key &&
    known.name === device.name &&
    known.family === device.family &&
    known.profile === device.profile &&
    known.area === device.area &&
    known.areaName === device.areaName &&
    known.metric === device.metric &&
    known.channel === device.channel &&
    known.zones.join(';') === device.zones.join(';')
  );
}
