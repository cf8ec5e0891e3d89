// The hub's wire types, one interface per message, as the server's Live folder writes them.
// A server test compares this file with the C# records: keep one property per line and no computed types.
// Times called serverTime, lastSeen and at are Unix milliseconds; an alarm's times are ISO 8601 UTC.

/** Sent by us: which part of the city we want to see. Joining again asks for a fresh snapshot. */
export interface JoinRequest {
  zone: string | null;
  families: string[];
  viewport: null;
}

export interface ZoneInfo {
  id: string;
  name: string;
}

/** What a metric is and how people call it; `words` are the values of a word metric. */
export interface MetricInfo {
  unit: string;
  type: string;
  words: string[];
  vi: string;
  en: string;
}

/** One device with its family's headline value. `h` is dense and lives as long as the server process. */
export interface LiveDevice {
  h: number;
  id: string;
  key: string;
  name: string;
  family: string;
  profile: string | null;
  area: string | null;
  areaName: string | null;
  zones: string[];
  lat: number | null;
  lon: number | null;
  periodMs: number;
  state: DeviceState;
  lastSeen: number | null;
  metric: string | null;
  channel: string | null;
  value: ReadingValue;
  at: number | null;
  quality: string[];
  priority: number;
}

/** What moved on one device since the last frame. */
export interface DeviceChange {
  h: number;
  state: DeviceState;
  lastSeen: number | null;
  value: ReadingValue;
  at: number | null;
  quality: string[];
  priority: number;
}

export interface LocalizedText {
  vi: string;
  en: string;
}

/** The same shape over the hub and over REST. `version` goes back with an acknowledgement; no metric: a rule over the device's state. */
export interface Alarm {
  id: number;
  rule: string;
  device: string;
  deviceName: string;
  area: string | null;
  areaName: string | null;
  zones: string[];
  metric: string | null;
  channel: string | null;
  priority: number;
  state: AlarmState;
  raisedAt: string;
  acknowledgedAt: string | null;
  acknowledgedBy: string | null;
  comment: string | null;
  returnedAt: string | null;
  value: ReadingValue;
  raisedValue: ReadingValue;
  limit: ReadingValue;
  condition: string;
  unit: string | null;
  message: LocalizedText;
  count: number;
  version: number;
}

/** Everything in scope, after each join. */
export interface Snapshot {
  seq: number;
  serverTime: number;
  build: string;
  province: string;
  zones: ZoneInfo[];
  families: string[];
  metrics: Record<string, MetricInfo>;
  devices: LiveDevice[];
  alarms: Alarm[];
}

/** At most four a second; only devices that changed since the last frame sent to us. */
export interface Changes {
  seq: number;
  serverTime: number;
  devices: DeviceChange[];
}

/** One alarm changed; sent at once. */
export interface AlarmChanged {
  seq: number;
  serverTime: number;
  alarm: Alarm;
}

/** Every two seconds, so that silence means a broken link and never a quiet city. */
export interface Beat {
  seq: number;
  serverTime: number;
}

export type ReadingValue = number | boolean | string | null;
export type DeviceState = 'neverSeen' | 'online' | 'stale' | 'offline';
export type AlarmState = 'activeUnacknowledged' | 'activeAcknowledged' | 'returnedUnacknowledged' | 'normal';
