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
}

/** A fact about a device besides its readings. */
export interface DeviceAttribute {
  name: string;
  value: string | number | boolean;
  since: string;
  seenAt: string;
}

export interface Device {
  id: string;
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
  latest: LatestReading[];
  attributes: DeviceAttribute[];
}

export interface HistoryReading {
  at: string;
  channel: string | null;
  value: ReadingValue;
  quality: string[];
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
