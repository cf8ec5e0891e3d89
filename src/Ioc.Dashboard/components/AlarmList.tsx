import { useEffect, useRef, useState } from 'preact/hooks';
import { AlarmOrder } from '../live/alarmOrder';
import type { Alarm } from '../live/contract';
import { canAct, frame, store } from '../live/session';
import { t } from '../text/text';
import { asking, canAcknowledge } from './acknowledging';
import { AlarmRow, type RowLayout } from './AlarmRow';
import { Empty } from './DataState';
import { narrow } from './settings';
import { VirtualRows } from './VirtualRows';

const restMs = 10_000;

interface AlarmListProps {
  layout: RowLayout;
  /** Says which alarms the filter leaves; `filterKey` changes with it. */
  keep: (alarm: Alarm) => boolean;
  filterKey: string;
  openId: number | null;
  onOpen: (id: number) => void;
  /** Shows the device on the map. */
  onLocate?: (device: string) => void;
  /** What stands there when every alarm is hidden or there is none. */
  empty: string;
}

/** The console's grid. Rows keep their places for ten seconds after the last movement of a hand. */
export function AlarmList({
  layout: wanted,
  keep,
  filterKey,
  openId,
  onOpen,
  onLocate,
  empty,
}: AlarmListProps) {
  void frame.value;
  const order = useRef(new AlarmOrder());
  const settledFor = useRef<string | null>(null);
  const touchedAt = useRef(Number.NEGATIVE_INFINITY);
  const [active, setActive] = useState(0);
  const [reveal, setReveal] = useState<number | null>(null);
  const [selected, setSelected] = useState<ReadonlySet<number>>(new Set());
  const [, redraw] = useState(0);

  const layout: RowLayout = narrow.value ? 'card' : wanted;
  const rowHeight = layout === 'card' ? 60 : 30;
  const alarms = [...store.alarms.values()].filter(keep);
  const resting = performance.now() - touchedAt.current > restMs;
  if (settledFor.current !== filterKey || (resting && asking.value === null)) {
    settledFor.current = filterKey;
    order.current.settle(alarms);
  } else {
    order.current.hold(alarms);
  }
  const { rows, waitingCount } = order.current;
  const current = Math.min(active, rows.length - 1);

  // A quiet city sends no frames: the list settles by itself once the hand has rested.
  useEffect(() => {
    const timer = setInterval(() => waitingCount > 0 && redraw((n) => n + 1), 1000);
    return () => clearInterval(timer);
  }, [waitingCount]);

  const touch = () => (touchedAt.current = performance.now());
  const settle = () => {
    touchedAt.current = Number.NEGATIVE_INFINITY;
    settledFor.current = null;
    setActive(0);
    setReveal(0);
    redraw((n) => n + 1);
  };
  const focusRow = (grid: HTMLElement, index: number) => {
    setActive(index);
    setReveal(index);
    requestAnimationFrame(() =>
      grid.querySelector<HTMLElement>(`[aria-rowindex="${index + 2}"]`)?.focus({ preventScroll: true }),
    );
  };
  const toggle = (alarm: Alarm) => {
    const next = new Set(selected);
    if (!next.delete(alarm.id)) next.add(alarm.id);
    setSelected(next);
  };
  const ask = () => {
    const chosen = rows.filter((alarm) => selected.has(alarm.id) && canAcknowledge(alarm));
    const one = rows[current];
    const alarmsToAsk = chosen.length > 0 ? chosen : one && canAcknowledge(one) ? [one] : [];
    if (alarmsToAsk.length > 0 && canAct.value) asking.value = alarmsToAsk;
  };
  const press = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const grid = event.currentTarget as HTMLElement;
    const page = Math.max(1, Math.floor(grid.clientHeight / rowHeight) - 2);
    const move = (to: number) => focusRow(grid, Math.max(0, Math.min(rows.length - 1, to)));
    const alarm = rows[current];
    touch();
    switch (event.key) {
      case 'j':
      case 'ArrowDown':
        if (event.shiftKey && alarm) toggle(alarm);
        move(current + 1);
        break;
      case 'k':
      case 'ArrowUp':
        move(current - 1);
        break;
      case 'PageDown':
        move(current + page);
        break;
      case 'PageUp':
        move(current - page);
        break;
      case 'Home':
        settle();
        focusRow(grid, 0);
        break;
      case 'End':
        move(rows.length - 1);
        break;
      case ' ':
        if (alarm) toggle(alarm);
        break;
      case 'Enter':
        if (alarm) onOpen(alarm.id);
        break;
      case 'a':
      case 'A':
        ask();
        break;
      case 'f':
      case 'F':
        if (alarm) onLocate?.(alarm.device);
        break;
      default:
        return;
    }
    event.preventDefault();
  };
  const pick = (index: number, extend: boolean) => {
    const alarm = rows[index];
    if (alarm === undefined) return;
    touch();
    setActive(index);
    if (extend) toggle(alarm);
    else {
      setSelected(new Set());
      onOpen(alarm.id);
    }
  };

  const chosenCount = rows.filter((alarm) => selected.has(alarm.id)).length;
  return (
    <div class="alarmlist">
      {waitingCount > 0 && (
        <button class="newabove" onClick={settle}>
          {t('alarms.newAbove', { n: waitingCount })} ({t('alarms.home')})
        </button>
      )}
      {rows.length === 0 ? (
        <Empty>{empty}</Empty>
      ) : (
        <VirtualRows
          count={rows.length}
          rowHeight={rowHeight}
          reveal={reveal}
          gridProps={{
            'aria-label': t('alarms.title'),
            'aria-rowcount': rows.length + 1,
            'aria-multiselectable': true,
            onKeyDown: press,
            onPointerMove: touch,
            onWheel: touch,
            onTouchMove: touch,
          }}
          header={<Header layout={layout} />}
          row={(index) => {
            const alarm = rows[index]!;
            return (
              <AlarmRow
                key={alarm.id}
                alarm={alarm}
                index={index}
                rowHeight={rowHeight}
                layout={layout}
                active={index === current}
                selected={selected.has(alarm.id)}
                open={alarm.id === openId}
                onPick={pick}
              />
            );
          }}
        />
      )}
      {chosenCount > 0 && (
        <div class="selection" role="status">
          {t('alarms.selected', { n: chosenCount })}{' '}
          <button
            disabled={!canAct.value}
            title={canAct.value ? undefined : t('link.disabled')}
            onClick={ask}
          >
            {t('ack.action')}
          </button>
        </div>
      )}
    </div>
  );
}

function Header({ layout }: { layout: RowLayout }) {
  if (layout === 'card') {
    return (
      <div role="row" aria-rowindex={1} class="head hidden">
        <span role="columnheader">{t('alarms.priority')}</span>
        <span role="columnheader">{t('alarms.message')}</span>
      </div>
    );
  }
  return (
    <div role="row" aria-rowindex={1} class={`head ${layout}`}>
      <span role="columnheader" class="c-glyph" aria-label={t('alarms.priority')}>
        !
      </span>
      <span role="columnheader">{t('alarms.start')}</span>
      <span role="columnheader">{t('alarms.message')}</span>
      <span role="columnheader">{t('alarms.value')}</span>
      <span role="columnheader">{t('alarms.place')}</span>
      <span role="columnheader">{t('alarms.state')}</span>
      {layout === 'full' && (
        <>
          <span role="columnheader" class="number">
            {t('alarms.count')}
          </span>
          <span role="columnheader" class="number">
            {t('alarms.age')}
          </span>
        </>
      )}
    </div>
  );
}
