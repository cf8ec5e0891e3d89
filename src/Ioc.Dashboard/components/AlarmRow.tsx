import type { Alarm } from '../live/contract';
import { clock, second } from '../live/clock';
import { ageText, shortTimeText } from '../text/format';
import { t } from '../text/text';
import { answers, pending } from './acknowledging';
import { messageText, stateGlyph, valueText, whereText } from './alarmText';
import { PriorityGlyph } from './PriorityGlyph';

export type RowLayout = 'full' | 'compact' | 'card';

interface AlarmRowProps {
  alarm: Alarm;
  index: number;
  rowHeight: number;
  layout: RowLayout;
  active: boolean;
  selected: boolean;
  open: boolean;
  onPick: (index: number, extend: boolean) => void;
}

/** One condition; its priority shape stays in every state. */
export function AlarmRow({ alarm, index, rowHeight, layout, active, selected, open, onPick }: AlarmRowProps) {
  void second.value;
  const raised = Date.parse(alarm.raisedAt);
  const now = clock.now();
  const waiting = pending.value.has(alarm.id);
  const answer = answers.value.get(alarm.id);
  const unacknowledged = alarm.state === 'activeUnacknowledged' || alarm.state === 'returnedUnacknowledged';
  const ring =
    alarm.state === 'activeUnacknowledged' ? 'fast' : alarm.state === 'returnedUnacknowledged' ? 'slow' : '';
  const glyph = (
    <span class={`ring ${ring}`}>
      <PriorityGlyph
        priority={alarm.priority}
        hollow={alarm.state === 'returnedUnacknowledged'}
        size={layout === 'card' ? 24 : 20}
      />
    </span>
  );
  const start = <time dateTime={alarm.raisedAt}>{shortTimeText(raised, now)}</time>;
  const state = (
    <>
      <span aria-hidden="true">{stateGlyph(alarm)}</span>{' '}
      {waiting ? t('ack.pending') : t(`alarmState.${alarm.state}`)}
    </>
  );
  const value = valueText(alarm);
  const message = (
    <>
      {messageText(alarm)} <span class="where">{whereText(alarm)}</span>
      {answer !== undefined && <em class="answer"> {answer}</em>}
    </>
  );
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-selected={selected || open}
      class={`row ${layout}${unacknowledged ? ' unack' : ''}${alarm.state === 'normal' ? ' gone' : ''}`}
      data-id={alarm.id}
      tabIndex={active ? 0 : -1}
      style={{ transform: `translateY(${index * rowHeight}px)`, height: `${rowHeight}px` }}
      onClick={(event) => onPick(index, event.shiftKey || event.ctrlKey || event.metaKey)}
    >
      <span role="gridcell" class="c-glyph">
        {glyph}
      </span>
      {layout === 'card' ? (
        <span role="gridcell" class="c-card">
          <span class="line">{message}</span>
          <span class="line second">
            {value === '' ? '' : `${value} · `}
            {ageText(raised, now)} · {state}
          </span>
        </span>
      ) : (
        <>
          <span role="gridcell" class="c-start number">
            {start}
          </span>
          <span role="gridcell" class="c-message" title={messageText(alarm) + whereText(alarm)}>
            {message}
          </span>
          <span role="gridcell" class="c-value number">
            {value}
          </span>
          <span role="gridcell" class="c-place">
            {alarm.areaName ?? ''}
          </span>
          <span role="gridcell" class="c-state">
            {state}
          </span>
          {layout === 'full' && (
            <>
              <span role="gridcell" class="c-count number">
                {alarm.count}
              </span>
              <span role="gridcell" class="c-age number">
                {ageText(raised, now)}
              </span>
            </>
          )}
        </>
      )}
    </div>
  );
}
