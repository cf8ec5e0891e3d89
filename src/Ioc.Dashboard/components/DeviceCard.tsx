import { frame, store } from '../live/session';
import { familyText, metricText } from '../text/format';
import { t } from '../text/text';
import { devicePath, href } from '../views/router';
import { messageText } from './alarmText';
import { DeviceValue } from './DeviceValue';
import { PriorityGlyph } from './PriorityGlyph';
import { StateMark } from './StateMark';
import { Age } from './Value';

/** What the map says about the device that was clicked. */
export function DeviceCard({ h, onClose }: { h: number; onClose: () => void }) {
  void frame.value;
  const info = store.info(h);
  if (info === undefined) return null;
  const alarms = [...store.alarms.values()]
    .filter(({ device }) => device === info.id)
    .sort((a, b) => a.priority - b.priority);
  const seen = store.lastSeen[h] ?? Number.NaN;
  return (
    <section class="devicecard" aria-label={info.name}>
      <div class="cardhead">
        <h2>{info.name}</h2>
        <button class="quiet" aria-label={t('map.close')} title={t('map.close')} onClick={onClose}>
          ✕
        </button>
      </div>
      <p class="note">
        {familyText(info.family)} · {info.areaName ?? '—'} · <StateMark state={store.deviceState(h)} />
      </p>
      <p class="headline">
        <span class="note">{info.metric === null ? '' : metricText(info.metric, store.metrics)}</span>
        <b>
          <DeviceValue h={h} />
        </b>
        <Age at={store.measuredAt(h) ?? (Number.isNaN(seen) ? null : seen)} />
      </p>
      {alarms.slice(0, 3).map((alarm) => (
        <p key={alarm.id} class="cardalarm">
          <PriorityGlyph priority={alarm.priority} size={18} />{' '}
          <a href={href(`/alarms/${alarm.id}`)}>{messageText(alarm)}</a>
        </p>
      ))}
      <a class="button primary" href={href(devicePath(info.id))}>
        {t('map.open')}
      </a>
    </section>
  );
}
