import type { Alarm } from '../live/contract';
import { ApiError, post } from './request';

/** `stale`: somebody was faster; `alarm` is what the server has now and nothing is sent again. */
export type Acknowledged =
  | { outcome: 'acknowledged'; alarm: Alarm }
  | { outcome: 'stale'; alarm: Alarm | null }
  | { outcome: 'failed'; reason: string };

export async function acknowledge(alarm: Alarm, comment: string): Promise<Acknowledged> {
  try {
    const after = await post<Alarm>(`/api/alarms/${alarm.id}/acknowledge`, {
      version: alarm.version,
      comment: comment === '' ? null : comment,
    });
    return { outcome: 'acknowledged', alarm: after };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.status === 409)
      return { outcome: 'stale', alarm: (error.problem['current'] as Alarm | undefined) ?? null };
    return { outcome: 'failed', reason: error.message };
  }
}
