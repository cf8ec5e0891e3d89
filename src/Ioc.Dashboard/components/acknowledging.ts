import { signal } from '@preact/signals';
import { acknowledge } from '../api/alarms';
import type { Alarm } from '../live/contract';
import { changed, store } from '../live/session';
import { isoText } from '../text/format';
import { t } from '../text/text';

/** Bulk acknowledging is bounded, so that nobody acknowledges what was not looked at. */
export const mostAtOnce = 50;

/** The alarms of the open dialog; null when it is closed. */
export const asking = signal<readonly Alarm[] | null>(null);

/** Alarms under way, and what the last attempt said, by alarm id. */
export const pending = signal<ReadonlySet<number>>(new Set());
export const answers = signal<ReadonlyMap<number, string>>(new Map());

/** Why these alarms may not be acknowledged together; null when they may. */
export function refusal(alarms: readonly Alarm[]): string | null {
  if (alarms.length > mostAtOnce) return t('ack.tooMany', { n: mostAtOnce });
  if (alarms.length > 1 && alarms.some(({ priority }) => priority === 1)) return t('ack.oneCritical');
  return null;
}

export function canAcknowledge(alarm: Alarm): boolean {
  return alarm.state === 'activeUnacknowledged' || alarm.state === 'returnedUnacknowledged';
}

/** Sends each alarm with the version that was on screen; nothing is shown as done before the server said so. */
export async function sendAcknowledgements(alarms: readonly Alarm[], comment: string): Promise<void> {
  pending.value = new Set([...pending.value, ...alarms.map(({ id }) => id)]);
  await Promise.all(
    alarms.map(async (alarm) => {
      const answer = await acknowledge(alarm, comment);
      if (answer.outcome !== 'failed' && answer.alarm !== null) store.putAlarm(answer.alarm);
      say(
        alarm.id,
        answer.outcome === 'acknowledged'
          ? t('ack.done')
          : answer.outcome === 'failed'
            ? t('ack.failed', { reason: answer.reason || t('data.unreachable') })
            : changedText(answer.alarm),
      );
      const left = new Set(pending.value);
      left.delete(alarm.id);
      pending.value = left;
      changed();
    }),
  );
}

function changedText(now: Alarm | null): string {
  const state = t(`alarmState.${now?.state ?? 'normal'}`);
  if (!now?.acknowledgedBy) return t('ack.changed', { state });
  return t('ack.changedBy', { state, who: now.acknowledgedBy, time: isoText(now.acknowledgedAt) });
}

function say(id: number, words: string): void {
  const next = new Map(answers.value).set(id, words);
  // Only the newest answers matter to the eye; the map must not grow with the shift.
  while (next.size > 200) next.delete(next.keys().next().value!);
  answers.value = next;
}
