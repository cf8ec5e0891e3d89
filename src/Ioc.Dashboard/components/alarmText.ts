import type { Alarm } from '../live/contract';
import { none, readingText } from '../text/format';
import { language, t } from '../text/text';

export function messageText(alarm: Alarm): string {
  return alarm.message[language.value] || alarm.message.vi || alarm.rule;
}

/** " · device", unless the sentence already says which device it is. */
export function whereText(alarm: Alarm): string {
  return messageText(alarm).includes(alarm.deviceName) ? '' : ` · ${alarm.deviceName}`;
}

/** "7,35 m · trên 7,00 m". */
export function valueText(alarm: Alarm): string {
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
