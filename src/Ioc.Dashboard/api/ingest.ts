import type { Balance, Page, QuarantineEntry, RefusedClient } from './contract';
import { get } from './request';

export function readBalance(signal: AbortSignal): Promise<Balance> {
  return get('/api/ingest/balance', {}, signal);
}

export function readQuarantine(
  reason: string | null,
  cursor: string | null,
  signal: AbortSignal,
): Promise<Page<QuarantineEntry>> {
  return get('/api/quarantine', { reason, limit: 50, cursor }, signal);
}

/** The clients refused last, newest first. */
export function readRefusals(
  device: string | null,
  limit: number,
  signal: AbortSignal,
): Promise<Page<RefusedClient>> {
  return get('/api/ingest/refusals', { device, limit }, signal);
}

export function total(byReason: Readonly<Record<string, number>>): number {
  return Object.values(byReason).reduce((sum, count) => sum + count, 0);
}
