import type { ReadingValue } from '../live/contract';
import type { Page } from './contract';
import { get, post } from './request';

/** A loaded firmware profile. */
export interface Profile {
  name: string;
  version: string | null;
  vendor: string;
  model: string;
  firmware: string;
  family: string;
  topics: string[];
  files: string[];
}

/** The state of the profile folder: what is in force, and what is wrong in it now. */
export interface Edition {
  edition: string;
  fromOffset: number;
  since: string;
  profileCount: number;
  mistakes: string[];
  history: { edition: string; fromOffset: number; since: string }[];
}

export type Encoding = 'utf8' | 'hex' | 'base64';

/** A captured message to try. */
export interface Captured {
  topic: string;
  payload: string;
  encoding: Encoding;
  /** ISO 8601; now when left out. */
  receivedAt?: string;
}

export interface DecodedReading {
  device: string;
  metric: string;
  channel: string | null;
  value: ReadingValue;
  unit: string | null;
  canonical: { value: ReadingValue; unit: string | null };
  time: string;
  timeSource: string | null;
  quality: string;
  semantics: string;
  delta: number | null;
}

export interface Candidate {
  profile: string;
  envelope: string | null;
  device: string | null;
  fits: boolean;
  assignedOnly: boolean;
}

/** One field on its way from the message to a reading. */
export interface DecodedStep {
  reading: number | null;
  metric: string | null;
  name: string | null;
  channel: string | null;
  place: string;
  writtenAt: string;
  raw: string | null;
  number: number | null;
  scaled: number | null;
  unit: string | null;
  canonical: ReadingValue;
  canonicalUnit: string | null;
  quality: string[];
  absent: string | null;
}

/** What the profiles make of one message. */
export interface Decoded {
  outcome: 'readings' | 'state' | 'attributes' | 'ignore' | 'reject';
  device: string | null;
  profile: string | null;
  readings: DecodedReading[];
  absent: { metric: string; reason: string | null }[];
  state: { online: boolean; retained: boolean } | null;
  attributes: Readonly<Record<string, unknown>> | null;
  rejectReason: string | null;
  rejectDetail: string | null;
  candidates: Candidate[];
  /** Only where they were asked for. */
  steps?: DecodedStep[];
}

export function readProfiles(signal: AbortSignal): Promise<Page<Profile>> {
  return get('/api/profiles', {}, signal);
}

export function readEdition(signal: AbortSignal): Promise<Edition> {
  return get('/api/profiles/edition', {}, signal);
}

/** Looks at the profile folder now instead of within seconds. */
export function reloadProfiles(): Promise<Edition> {
  return post('/api/profiles/reload', {});
}

/** Decodes beside the running product: nothing is stored and no device is created. */
export function decode(message: Captured): Promise<Decoded> {
  return post('/api/profiles/decode', { ...message, steps: true });
}
