import { useState } from 'preact/hooks';
import { frame, store } from '../live/session';
import { familyText } from '../text/format';
import { t } from '../text/text';
import { DeviceValue } from './DeviceValue';
import { PriorityGlyph } from './PriorityGlyph';
import { narrow } from './settings';
import { StateMark } from './StateMark';
import { Age } from './Value';
import { VirtualRows } from './VirtualRows';

interface DevicesInViewProps {
  abnormalOnly: boolean;
  selected: number | null;
  onSelect: (h: number) => void;
}

const byName = new Intl.Collator('vi', { numeric: true });

/** The map's table twin: the same devices, the abnormal first, then by name. */
export function DevicesInView({ abnormalOnly, selected, onSelect }: DevicesInViewProps) {
  void frame.value;
  const [active, setActive] = useState(0);
  const rank = (h: number) => (store.priority[h] || 9) * 2 - Number(store.deviceState(h) === 'offline');
  const shown = store.handles
    .filter((h) => !abnormalOnly || (store.priority[h] ?? 0) > 0 || store.deviceState(h) === 'offline')
    .sort(
      (a, b) => rank(a) - rank(b) || byName.compare(store.info(a)?.name ?? '', store.info(b)?.name ?? ''),
    );
  const rowHeight = narrow.value ? 60 : 30;
  const move = (event: KeyboardEvent) => {
    const step =
      event.key === 'ArrowDown' || event.key === 'j'
        ? 1
        : event.key === 'ArrowUp' || event.key === 'k'
          ? -1
          : 0;
    const h = shown[active];
    if (event.key === 'Enter' && h !== undefined) onSelect(h);
    else if (step === 0) return;
    event.preventDefault();
    const to = Math.max(0, Math.min(shown.length - 1, active + step));
    setActive(to);
    const grid = event.currentTarget as HTMLElement;
    requestAnimationFrame(() =>
      grid.querySelector<HTMLElement>(`[aria-rowindex="${to + 2}"]`)?.focus({ preventScroll: true }),
    );
  };
  return (
    <VirtualRows
      count={shown.length}
      rowHeight={rowHeight}
      reveal={active}
      gridProps={{ 'aria-label': t('map.list'), 'aria-rowcount': shown.length + 1, onKeyDown: move }}
      header={
        <div role="row" aria-rowindex={1} class="head twin">
          <span role="columnheader" aria-label={t('alarms.priority')} />
          <span role="columnheader">{t('devices.name')}</span>
          <span role="columnheader">{t('devices.family')}</span>
          <span role="columnheader">{t('devices.state')}</span>
          <span role="columnheader" class="number">
            {t('devices.value')}
          </span>
          <span role="columnheader" class="number">
            {t('devices.age')}
          </span>
        </div>
      }
      row={(index) => {
        const h = shown[index]!;
        const info = store.info(h)!;
        const priority = store.priority[h] ?? 0;
        return (
          <div
            key={h}
            role="row"
            aria-rowindex={index + 2}
            aria-selected={h === selected}
            class="row twin"
            tabIndex={index === active ? 0 : -1}
            style={{ transform: `translateY(${index * rowHeight}px)`, height: `${rowHeight}px` }}
            onClick={() => {
              setActive(index);
              onSelect(h);
            }}
          >
            <span role="gridcell">{priority > 0 && <PriorityGlyph priority={priority} size={18} />}</span>
            <span role="gridcell" title={info.name}>
              {info.name} <span class="where">· {info.areaName ?? ''}</span>
            </span>
            <span role="gridcell">{familyText(info.family)}</span>
            <span role="gridcell">
              <StateMark state={store.deviceState(h)} />
            </span>
            <span role="gridcell" class="number">
              <DeviceValue h={h} />
            </span>
            <span role="gridcell" class="number">
              <Age at={store.measuredAt(h)} />
            </span>
          </div>
        );
      }}
    />
  );
}
