import { frame, store } from '../live/session';
import { compareAlarms } from '../live/alarmOrder';
import { t } from '../text/text';
import { href } from '../views/router';
import { messageText, stateGlyph, valueText } from './alarmText';
import { DataBox } from './DataBox';
import { Empty } from './DataState';
import { PriorityGlyph } from './PriorityGlyph';
import { Age } from './Value';

export function DeviceAlarms({ device }: { device: string }) {
  void frame.value;
  const alarms = [...store.alarms.values()].filter((alarm) => alarm.device === device).sort(compareAlarms);
  return (
    <DataBox title={t('device.alarms')} class="devicealarms">
      {alarms.length === 0 ? (
        <Empty>{t('device.noAlarms')}</Empty>
      ) : (
        <ul class="plain">
          {alarms.map((alarm) => (
            <li key={alarm.id}>
              <PriorityGlyph priority={alarm.priority} hollow={alarm.state === 'returnedUnacknowledged'} />{' '}
              <a href={href(`/alarms/${alarm.id}`)}>{messageText(alarm)}</a>{' '}
              <span class="note">
                {valueText(alarm)} {stateGlyph(alarm)} {t(`alarmState.${alarm.state}`)} ·{' '}
                <Age at={Date.parse(alarm.raisedAt)} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </DataBox>
  );
}
