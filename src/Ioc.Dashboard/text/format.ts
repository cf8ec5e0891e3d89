import type { MetricInfo, ReadingValue } from '../live/contract';
import { language, t, tOr, type Language } from './text';
import { unitDecimals, unitText } from './units';

export const none = '—';
const noBreak = '\u00a0';
const timeZone = 'Asia/Ho_Chi_Minh';
const locales: Record<Language, string> = { vi: 'vi-VN', en: 'en-GB' };

const numberFormats = new Map<string, Intl.NumberFormat>();

// Parts are joined by hand: vi-VN's own order puts the time first and shortens the year.
const parts = new Intl.DateTimeFormat('en-GB', {
  timeZone,
  day: '2-digit',
  month: '2-digit',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});

function part(at: number): Record<string, string> {
  return Object.fromEntries(parts.formatToParts(at).map(({ type, value }) => [type, value]));
}

/** dd/MM/yyyy in Vietnam. */
export function dateText(at: number): string {
  const p = part(at);
  return `${p['day']}/${p['month']}/${p['year']}`;
}

/** HH:mm:ss in Vietnam. */
export function timeText(at: number): string {
  const p = part(at);
  return `${p['hour']}:${p['minute']}:${p['second']}`;
}

export function dateTimeText(at: number): string {
  return `${dateText(at)} ${timeText(at)}`;
}

/** The time alone on the same Vietnamese day, otherwise with its date. */
export function shortTimeText(at: number, now: number): string {
  return dateText(at) === dateText(now) ? timeText(at) : dateTimeText(at);
}

/** Of an ISO time from the server; a dash for none. */
export function isoText(iso: string | null): string {
  return iso === null ? none : dateTimeText(Date.parse(iso));
}

/** "17 phút"; a value older than a day shows its date instead. */
export function ageText(at: number, now: number): string {
  const seconds = Math.max(0, Math.floor((now - at) / 1000));
  if (seconds < 60) return t('age.seconds', { n: seconds }).replace(' ', noBreak);
  if (seconds < 3600) return t('age.minutes', { n: Math.floor(seconds / 60) }).replace(' ', noBreak);
  if (seconds < 86_400) return t('age.hours', { n: Math.floor(seconds / 3600) }).replace(' ', noBreak);
  return dateText(at);
}

export function numberText(value: number, decimals: number | null = null): string {
  const places = decimals ?? (Number.isInteger(value) ? 0 : Math.abs(value) < 10 ? 2 : 1);
  const key = `${language.value}${places}`;
  let format = numberFormats.get(key);
  if (format === undefined) {
    format = new Intl.NumberFormat(locales[language.value], {
      minimumFractionDigits: places,
      maximumFractionDigits: places,
      signDisplay: 'negative',
    });
    numberFormats.set(key, format);
  }
  return format.format(value);
}

/** Every digit that came: for engineers who compare it with a data sheet. */
export function exactText(value: number): string {
  return value.toLocaleString(locales[language.value], { maximumFractionDigits: 12, useGrouping: false });
}

/** Sums over a district are read in the next larger unit. */
const thousands: Readonly<Record<string, string>> = { W: 'kW', 'W.h': 'kW.h', var: 'kvar', kW: 'MW' };

/** "98,6 %": number, no-break space, unit as people write it. */
export function quantityText(value: number, ucum: string | null | undefined): string {
  const larger = thousands[ucum ?? ''];
  if (larger !== undefined && Math.abs(value) >= 10_000) return quantityText(value / 1000, larger);
  const unit = unitText(ucum);
  const number = numberText(value, unitDecimals(ucum));
  return unit === '' ? number : `${number}${noBreak}${unit}`;
}

/** Any reading; a dash when there is none, never 0. */
export function readingText(value: ReadingValue, ucum: string | null | undefined): string {
  if (value === null) return none;
  if (typeof value === 'boolean') return t(value ? 'data.yes' : 'data.no');
  return typeof value === 'string' ? value : quantityText(value, ucum);
}

/** The metric's name in the chosen language; its technical name when the catalogue does not say. */
export function metricText(name: string, metrics: Readonly<Record<string, MetricInfo>>): string {
  const info = metrics[name];
  return (info && (language.value === 'vi' ? info.vi : info.en)) || name;
}

export function familyText(family: string): string {
  return tOr(`family.${family}`, family);
}
