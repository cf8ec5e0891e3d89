import type { Alarm } from '../live/contract';
import { none, readingText } from '../text/format';
import { language, t } from '../text/text';

export function messageText(alarm: Alarm): string {
  return alarm.message[language.value] || alarm.message.vi || alarm.rule;
}

/** " · device · channel", as far as the sentence does not say it already. */
export function whereText(alarm: Alarm): string {
  const message = messageText(alarm);
  return [alarm.deviceName, alarm.channel]
    .filter((part) => part !== null && !message.includes(part))
    .map((part) => ` · ${part}`)
    .join('');
}

/** "7,35 m · trên 7,00 m"; nothing where the sentence says it all: a device is silent, a camera is off. */
export function valueText(alarm: Alarm): string {
  if (alarm.value === null || alarm.condition === 'is') return '';
  const value = readingText(alarm.value, alarm.unit);
  return alarm.limit === null ? value : `${value} · ${limitText(alarm)}`;
}

export function limitText(alarm: Alarm): string {
  if (alarm.limit === null) return none;
  const limit = readingText(alarm.limit, alarm.unit);
  switch (alarm.condition) {
    case 'above':
      return t('condition.above', { limit });
    case 'below':
      return t('condition.below', { limit });
    case 'equal':
    case 'equals':
    case 'is':
      return t('condition.equal', { limit });
    default:
      return t('condition.other', { condition: alarm.condition, limit });
  }
}

/** The mark of a state beside its words. */
export function stateGlyph(alarm: Alarm): string {
  switch (alarm.state) {
    case 'activeUnacknowledged':
      return '⚑';
    case 'activeAcknowledged':
      return '✓';
    case 'returnedUnacknowledged':
      return '↩';
    case 'normal':
      return '○';
  }
}
