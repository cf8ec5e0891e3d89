import type { Alarm } from '../live/contract';
import { canAct, store } from '../live/session';
import { isoText, metricText, readingText } from '../text/format';
import { t } from '../text/text';
import { devicePath, href } from '../views/router';
import { answers, asking, canAcknowledge, pending } from './acknowledging';
import { limitText, messageText, stateGlyph } from './alarmText';
import { Facts } from './Facts';
import { History } from './History';
import { PriorityGlyph } from './PriorityGlyph';

const aroundMs = 3_600_000;

/** What is known about one alarm, with the course of its value around the start. */
export function AlarmDetail({ alarm }: { alarm: Alarm }) {
  const waiting = pending.value.has(alarm.id);
  const answer = answers.value.get(alarm.id);
  const raised = Date.parse(alarm.raisedAt);
  return (
    <section class="detail" aria-label={t('alarms.detail')}>
      <div class="facts">
        <h2>
          <PriorityGlyph
            priority={alarm.priority}
            hollow={alarm.state === 'returnedUnacknowledged'}
            size={26}
          />{' '}
          {messageText(alarm)}
        </h2>
        <Facts
          facts={[
            [
              t('alarms.state'),
              <>
                {stateGlyph(alarm)} {waiting ? t('ack.pending') : t(`alarmState.${alarm.state}`)}
              </>,
            ],
            [t('alarms.device'), <a href={href(devicePath(alarm.device))}>{alarm.deviceName}</a>],
            [t('alarms.place'), alarm.areaName],
            [
              alarm.metric === null
                ? t('alarms.value')
                : `${metricText(alarm.metric, store.metrics)}${alarm.channel ? ` ${alarm.channel}` : ''}`,
              readingText(alarm.value, alarm.unit),
            ],
            [t('alarms.limit'), limitText(alarm)],
            [t('alarms.raisedValue'), readingText(alarm.raisedValue, alarm.unit)],
            [t('alarms.raised'), isoText(alarm.raisedAt)],
            [
              t('alarms.acknowledged'),
              alarm.acknowledgedAt &&
                t('alarms.by', { who: alarm.acknowledgedBy ?? '', time: isoText(alarm.acknowledgedAt) }),
            ],
            [t('alarms.comment'), alarm.comment],
            [t('alarms.returned'), alarm.returnedAt && isoText(alarm.returnedAt)],
            [t('alarms.count'), String(alarm.count)],
            [t('alarms.rule'), alarm.rule],
          ]}
        />
        {answer !== undefined && (
          <p class="answer" role="status">
            {answer}
          </p>
        )}
        <div class="buttons">
          <button
            class="primary"
            disabled={!canAct.value || waiting || !canAcknowledge(alarm)}
            title={canAct.value ? undefined : t('link.disabled')}
            onClick={() => (asking.value = [alarm])}
          >
            {t('ack.action')} <kbd>A</kbd>
          </button>
          <a class="button" href={`/?device=${encodeURIComponent(alarm.device)}`}>
            {t('nav.map')}
          </a>
        </div>
      </div>
      {alarm.metric !== null && (
        <div class="course">
          <h3>{t('alarms.trend')}</h3>
          <History
            device={alarm.device}
            metric={alarm.metric}
            channel={alarm.channel}
            unit={alarm.unit}
            from={raised - aroundMs}
            to={raised + aroundMs}
            every={null}
            periodMs={store.periodMs[store.find(alarm.device) ?? -1] ?? 0}
            limit={typeof alarm.limit === 'number' ? alarm.limit : null}
            compact
          />
        </div>
      )}
    </section>
  );
}
