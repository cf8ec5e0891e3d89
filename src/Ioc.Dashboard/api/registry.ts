import type { AuditEntry, Area, Credential, Device, Firmware, ImportReport, Page, Site } from './contract';
import { get, post, postFile, remove } from './request';

export type Step = 'claim' | 'reject' | 'lift' | 'retire' | 'return' | 'replace';

const path = (id: string) => `/api/devices/${encodeURIComponent(id)}`;

export function takeStep(id: string, step: Step, body: object): Promise<Device> {
  return post(`${path(id)}/${step}`, body);
}

export function changeDevice(id: string, body: object): Promise<Device> {
  return post(path(id), body, 'PATCH');
}

export function readStanding(
  standing: string,
  q: string,
  cursor: string | null,
  signal: AbortSignal,
): Promise<Page<Device>> {
  return get('/api/devices', { standing, q, limit: 200, cursor }, signal);
}

export function readCredentials(id: string, signal: AbortSignal): Promise<Page<Credential>> {
  return get(`${path(id)}/credentials`, {}, signal);
}

export function issueCredential(id: string, userName: string): Promise<Credential> {
  return post(`${path(id)}/credentials`, userName === '' ? {} : { userName });
}

export function revokeCredential(userName: string): Promise<void> {
  return remove(`/api/credentials/${encodeURIComponent(userName)}`);
}

export function readAudit(
  device: string | null,
  limit: number,
  cursor: string | null,
  signal: AbortSignal,
): Promise<Page<AuditEntry>> {
  return get('/api/audit', { device, limit, cursor }, signal);
}

export function importDevices(file: Blob, dryRun: boolean): Promise<ImportReport> {
  return postFile('/api/devices/import', { dryRun: String(dryRun) }, file);
}

export function readFirmware(signal: AbortSignal): Promise<Page<Firmware>> {
  return get('/api/firmware', { limit: 1000 }, signal);
}

/** What a person chooses from when a device gets its place and profile. */
export interface Choices {
  sites: Site[];
  areas: Area[];
  profiles: string[];
}

export async function readChoices(signal: AbortSignal): Promise<Choices> {
  const [sites, areas, profiles] = await Promise.all([
    get<Page<Site>>('/api/sites', {}, signal),
    get<Page<Area>>('/api/areas', {}, signal),
    get<Page<{ name: string }>>('/api/profiles', {}, signal),
  ]);
  return { sites: sites.items, areas: areas.items, profiles: profiles.items.map(({ name }) => name) };
}
