import type { ReadingValue, DeviceState } from '../live/contract';

// REST answers. Times are ISO 8601 UTC; the hub's Alarm is shared.

export interface Page<T> {
  items: T[];
  next: string | null;
}

export interface LatestReading {
  metric: string;
  channel: string | null;
  value: ReadingValue;
  unit: string | null;
  at: string;
  quality: string[];
  semantics: 'gauge' | 'counter' | 'delta' | 'state' | 'event';
  /** What a counter counted since its reading before; null when that is not known. */
  delta: number | null;
  counterEvent: 'wrapped' | 'restarted' | 'exchanged' | null;
  counterReset: string | null;
}

export type Standing = 'inService' | 'unclaimed' | 'rejected' | 'retired';

/** A fact about a device besides its readings. */
export interface DeviceAttribute {
  name: string;
  value: string | number | boolean;
  since: string;
  seenAt: string;
}

export interface Device {
  id: string;
  source: string;
  key: string;
  name: string;
  family: string;
  profile: string | null;
  area: string | null;
  areaName: string | null;
  zones: string[];
  position: { lat: number; lon: number } | null;
  state: DeviceState;
  lastSeen: string | null;
  claimed: boolean;
  periodSeconds: number;
  parent: string | null;
  site: string | null;
  parameters: Record<string, string>;
  timeZone: string;
  standing: Standing;
  firstSeen: string | null;
  refusedFrom: string | null;
  note: string | null;
  replaces: string | null;
  replacedBy: string | null;
  version: number;
  latest: LatestReading[];
  attributes: DeviceAttribute[];
}

/** How a device proves itself. `secret` comes once, with the answer to its making. */
export interface Credential {
  userName: string;
  hasPassword: boolean;
  certificate: string | null;
  publish: string[] | null;
  subscribe: string[] | null;
  enabled: boolean;
  createdAt: string;
  changedAt: string;
  secret: string | null;
}

export interface AuditEntry {
  id: number;
  at: string;
  actor: string;
  address: string | null;
  via: string;
  action: string;
  device: string | null;
  subject: string | null;
  before: Record<string, string | null> | null;
  after: Record<string, string | null> | null;
}

export interface ImportReport {
  dryRun: boolean;
  rows: number;
  created: number;
  updated: number;
  unchanged: number;
  failed: number;
  lines: {
    row: number;
    device: string;
    isNew: boolean;
    fields: { field: string; before: string | null; after: string | null }[];
  }[];
  faults: { row: number; column: string | null; vi: string; en: string }[];
}

/** One firmware in the field. */
export interface Firmware {
  profile: string;
  line: string;
  version: string | null;
  devices: number;
  firstSeen: string;
  lastSeen: string;
  messages: number;
  failures: Record<string, number>;
  unknownFields: { name: string; samples: number; firstSeen: string }[];
}

export interface Site {
  id: string;
  name: string;
}

export interface Area {
  code: string;
  name: string;
}

export interface HistoryReading {
  at: string;
  channel: string | null;
  value: ReadingValue;
  quality: string[];
  /** What a counter's bucket counted; null when that is not known, and for everything else. */
  consumption?: number | null;
}

export interface History extends Page<HistoryReading> {
  device: string;
  metric: string;
  unit: string | null;
}

export interface RawMessage {
  offset: number;
  receivedAt: string;
  topic: string | null;
  /** Null when the journal no longer has the bytes, or when they hold personal data. */
  payload: string | null;
  encoding: 'text' | 'hex';
  bytes: number;
  outcome: string;
  reason: string | null;
}

export interface QuarantineEntry {
  offset: number;
  receivedAt: string;
  device: string | null;
  topic: string | null;
  reason: string;
  detail: string | null;
}

/** What one client was refused since the server's start; who never said a client id is known by address. */
export interface RefusedClient {
  clientId: string | null;
  userName: string | null;
  address: string | null;
  reason: string;
  at: string;
  counts: Record<string, number>;
}

export interface Balance {
  received: number;
  stored: number;
  ignored: number;
  quarantined: Record<string, number>;
  duplicate: number;
  inFlight: number;
  refused: Record<string, number>;
  difference: number;
}
