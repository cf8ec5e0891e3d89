import type { ReadingValue } from '../live/contract';
import type { Page, QuarantineEntry } from './contract';
import type { Decoded } from './profiles';
import { get, post } from './request';

/** A message as the journal keeps it; without its payload where that may not be shown. */
export interface KeptMessage {
  offset: number;
  receivedAt: string;
  topic: string;
  client: string;
  user: string | null;
  bytes: number;
  withheld: boolean;
  hex: string | null;
  text: string | null;
  truncated: boolean;
}

/** Messages set aside for one reason with one detail: one mend helps them all. */
export interface QuarantineGroup {
  id: string;
  reason: string;
  profile: string | null;
  firmware: string | null;
  detail: string;
  count: number;
  firstSeen: string;
  lastSeen: string;
  devices: number;
  device: string | null;
  example: KeptMessage | null;
}

export interface ReadingDifference {
  kind: 'added' | 'changed' | 'removed';
  device: string;
  metric: string;
  channel: string | null;
  at: string;
  old: ReadingValue;
  new: ReadingValue;
  unit: string | null;
  offset: number;
}

export interface Difference {
  messages: number;
  changedMessages: number;
  added: number;
  changed: number;
  removed: number;
  unchanged: number;
  duplicate: number;
  unknown: number;
  series: { device: string; metric: string; added: number; changed: number; removed: number }[];
  seriesCount: number;
  outcomes: { from: string; to: string; count: number; exampleOffset: number }[];
  examples: ReadingDifference[];
  newDevices: string[];
  newDeviceCount: number;
}

/** Which messages are decoded again. */
export interface Selection {
  device?: string;
  group?: string;
  from?: string;
  to?: string;
}

export interface ReplayStatus {
  state: 'none' | 'comparing' | 'ready' | 'committing' | 'done' | 'failed';
  replay: number | null;
  selection: Selection | null;
  by: string | null;
  at: string | null;
  profiles: string | null;
  progress: number;
  chosen: number;
  token: string | null;
  difference: Difference | null;
  committedBy: string | null;
  failure: string | null;
}

/** Where a stored value comes from. */
export interface Provenance {
  message: KeptMessage | null;
  stored: { readings: number; outcome: string | null; reason: string | null };
  profiles: string | null;
  replay: number | null;
  profile: { name: string; version: string; sinceOffset: number; since: string } | null;
  decode: Decoded | null;
}

export interface ReadingProvenance {
  offset: number;
  index: number;
  at: string;
  channel: string | null;
  value: ReadingValue;
  quality: string[];
  from: Provenance | null;
}

export function readGroups(signal: AbortSignal): Promise<Page<QuarantineGroup>> {
  return get('/api/quarantine/groups', {}, signal);
}

export function readGroupMessages(group: string, signal: AbortSignal): Promise<Page<QuarantineEntry>> {
  return get('/api/quarantine', { group, limit: 50 }, signal);
}

export function readReplay(signal: AbortSignal): Promise<ReplayStatus> {
  return get('/api/replay', {}, signal);
}

/** Decodes again beside what is stored; nothing changes. */
export function compare(selection: Selection): Promise<ReplayStatus> {
  return post('/api/replay', selection);
}

/** Commits exactly the difference that the token names. */
export function commit(token: string): Promise<ReplayStatus> {
  return post('/api/replay/commit', { token });
}

export function readMessage(offset: number, signal: AbortSignal): Promise<Provenance> {
  return get(`/api/messages/${offset}/decode`, {}, signal);
}

export function readProvenance(
  device: string,
  metric: string,
  channel: string | null,
  at: string,
  signal: AbortSignal,
): Promise<Page<ReadingProvenance>> {
  return get('/api/readings/provenance', { device, metric, channel, at }, signal);
}
