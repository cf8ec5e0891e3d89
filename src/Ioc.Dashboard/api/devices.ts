import type { Device, History, Page, RawMessage } from './contract';
import { get } from './request';

export interface DeviceFilter {
  q: string | null;
  zone: string | null;
  family: string | null;
  state: string | null;
}

export function findDevices(
  filter: DeviceFilter,
  cursor: string | null,
  signal: AbortSignal,
): Promise<Page<Device>> {
  return get('/api/devices', { ...filter, limit: 200, cursor }, signal);
}

export function readDevice(id: string, signal: AbortSignal): Promise<Device> {
  return get(`/api/devices/${encodeURIComponent(id)}`, {}, signal);
}

export function readMessages(id: string, signal: AbortSignal): Promise<Page<RawMessage>> {
  return get(`/api/devices/${encodeURIComponent(id)}/messages`, { limit: 20 }, signal);
}

export interface HistoryQuery {
  metric: string;
  from: number;
  to: number;
  every: '1m' | '15m' | '1h' | '1d' | null;
}

export const historyLimit = 10_000;

export function readHistory(id: string, query: HistoryQuery, signal: AbortSignal): Promise<History> {
  return get(
    `/api/devices/${encodeURIComponent(id)}/readings`,
    {
      metric: query.metric,
      from: new Date(query.from).toISOString(),
      to: new Date(query.to).toISOString(),
      every: query.every,
      aggregate: query.every === null ? null : 'mean',
      limit: historyLimit,
    },
    signal,
  );
}
