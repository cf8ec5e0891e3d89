import { dataState, doubtGlyph, doubts } from '../live/age';
import { second } from '../live/clock';
import type { ReadingValue } from '../live/contract';
import { ageText, dateTimeText, none, readingText } from '../text/format';
import { t } from '../text/text';

interface ValueProps {
  value: ReadingValue;
  /** When it was measured, Unix ms. */
  at: number | null;
  periodMs: number;
  unit: string | null | undefined;
  quality?: readonly string[];
}

/** A value never without its time: plain while live, marked when old, withdrawn when lost. */
export function Value({ value, at, periodMs, unit, quality = [] }: ValueProps) {
  const now = second.value;
  const state = dataState(at, periodMs, now);
  const text = readingText(value, unit);
  if (state === 'none' || at === null) {
    return (
      <span class="value" data-age="none" title={t('age.never')}>
        {none}
      </span>
    );
  }
  const time = dateTimeText(at);
  if (state === 'lost') {
    return (
      <span class="value" data-age="lost" title={t('age.lost', { value: text, time })}>
        {none} <AgeChip at={at} />
      </span>
    );
  }
  return (
    <span class="value" data-age={state} title={t('age.measuredAt', { time })}>
      <span class="number">{text}</span>
      <QualityMark quality={quality} />
      {state === 'old' && <AgeChip at={at} />}
    </span>
  );
}

/** "CŨ 17 phút" on the number itself. */
export function AgeChip({ at }: { at: number }) {
  return <span class="chip old">{t('age.old', { age: ageText(at, second.value) })}</span>;
}

/** The plain age of a live value, for columns of their own. */
export function Age({ at }: { at: number | null }) {
  const now = second.value;
  if (at === null) return <span class="age">{none}</span>;
  return (
    <time class="age" dateTime={new Date(at).toISOString()} title={dateTimeText(at)}>
      {ageText(at, now)}
    </time>
  );
}

export function QualityMark({ quality }: { quality: readonly string[] }) {
  const marks = doubts(quality);
  if (marks.length === 0) return null;
  const names = marks.map((mark) => t(`doubt.${mark}`)).join(', ');
  return (
    <span class="doubt" role="img" aria-label={names} title={names}>
      {[...new Set(marks.map(doubtGlyph))].join('')}
    </span>
  );
}
