import type { Balance, Page, QuarantineEntry } from './contract';
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

export function total(byReason: Readonly<Record<string, number>>): number {
  return Object.values(byReason).reduce((sum, count) => sum + count, 0);
}
