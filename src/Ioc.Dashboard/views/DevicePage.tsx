import { readDevice } from '../api/devices';
import type { ComponentChildren } from 'preact';
import type { Device, DeviceAttribute, LatestReading } from '../api/contract';
import { DeviceAudit } from '../components/AuditTable';
import { DataBox } from '../components/DataBox';
import { Empty, Failed, Loading } from '../components/DataState';
import { DeviceAlarms } from '../components/DeviceAlarms';
import { DeviceCredentials } from '../components/DeviceCredentials';
import { DeviceDesk } from '../components/DeviceDesk';
import { DeviceHistory } from '../components/DeviceHistory';
import { Facts } from '../components/Facts';
import { ReadingSource } from '../components/MessageSource';
import { RawMessages } from '../components/RawMessages';
import { DeviceRefusals } from '../components/Refusals';
import { StateMark } from '../components/StateMark';
import { useLoad } from '../components/useLoad';
import { Age, QualityMark, Value } from '../components/Value';
import { store } from '../live/session';
import { familyText, isoText, metricText, numberText, quantityText } from '../text/format';
import { t, tOr, type TextKey } from '../text/text';
import { devicePath, href, query, setQuery } from './router';

const refreshMs = 1_500;

/** Level 3 and 4 of one device: what it says now, what it said before, and the bytes it said it with. */
export function DevicePage({ id }: { id: string }) {
  const load = useLoad(`device ${id}`, (signal) => readDevice(id, signal), refreshMs);
  const device = load.data?.id === id ? load.data : null;
  if (device === null) {
    // A new device is known with its first message; the question is repeated until then.
    if (load.error?.status === 404) return <Empty>{t('device.missing', { id })}</Empty>;
    return load.error ? <Failed load={load} /> : <Loading again={load.again} />;
  }
  return (
    <main class="device">
      <Failed load={load} />
      <Identity device={device} again={load.again} />
      <Latest device={device} />
      {query.value.get('source') !== null && (
        <SourceBox device={device.id} source={query.value.get('source')!} />
      )}
      <DeviceHistory
        device={device}
        metric={query.value.get('metric')}
        range={query.value.get('range')}
        onChange={setQuery}
      />
      <DeviceAlarms device={device.id} />
      <DeviceRefusals device={device.id} />
      <RawMessages device={device.id} />
      <DeviceCredentials device={device} />
      <DeviceAudit device={device.id} />
    </main>
  );
}

function Identity({ device, again }: { device: Device; again: () => void }) {
  return (
    <section class="panel identity">
      <h1>{device.name}</h1>
      <p>
        <StateMark state={device.state} />{' '}
        {device.standing !== 'inService' && (
          <span class="chip">{t(`standing.${device.standing}` as TextKey)}</span>
        )}
      </p>
      <Facts
        facts={[
          [
            t('devices.lastSeen'),
            device.lastSeen && (
              <>
                {isoText(device.lastSeen)} · <Age at={Date.parse(device.lastSeen)} />
              </>
            ),
          ],
          [
            t('device.refusedFrom'),
            device.refusedFrom && `${isoText(device.refusedFrom)}${device.note ? ` · ${device.note}` : ''}`,
          ],
          [
            t('device.replaces'),
            device.replaces && <a href={href(devicePath(device.replaces))}>{device.replaces}</a>,
          ],
          [
            t('device.replacedBy'),
            device.replacedBy && <a href={href(devicePath(device.replacedBy))}>{device.replacedBy}</a>,
          ],
          [t('device.key'), <span class="code">{device.key}</span>],
          [t('devices.family'), familyText(device.family)],
          [t('device.profile'), device.profile && <span class="code">{device.profile}</span>],
          [t('edit.site'), device.site],
          [t('devices.area'), device.areaName ?? device.area],
          [
            t('device.zones'),
            device.zones.map((zone) => store.zones.find(({ id }) => id === zone)?.name ?? zone).join(', '),
          ],
          [t('device.period'), quantityText(device.periodSeconds, 's')],
          [
            t('device.parent'),
            device.parent && <a href={href(devicePath(device.parent))}>{device.parent}</a>,
          ],
          [
            t('device.position'),
            device.position && (
              <a href={`/?device=${encodeURIComponent(device.id)}`} title={t('device.showOnMap')}>
                {numberText(device.position.lat, 4)}; {numberText(device.position.lon, 4)}
              </a>
            ),
          ],
          ...device.attributes.map(attributeFact),
        ]}
      />
      {device.standing === 'unclaimed' && <p class="note">{t('device.unclaimedWhy')}</p>}
      {device.refusedFrom !== null && <p class="note">{t('device.refusedWhy')}</p>}
      <DeviceDesk device={device} onDone={again} />
    </section>
  );
}

/** What a counter added with its last reading, or why that is not known. */
function CounterNote({ reading }: { reading: LatestReading }) {
  const { delta, counterEvent, counterReset } = reading;
  if (delta === null && counterEvent === null) return null;
  return (
    <div
      class="note"
      title={counterReset === null ? '' : t('counter.since', { time: isoText(counterReset) })}
    >
      {delta !== null && `+${quantityText(delta, reading.unit)}`}
      {counterEvent !== null && ` ${t(`counter.${counterEvent}`)}`}
    </div>
  );
}

/** What the device says about itself; hovering tells since when. */
function attributeFact(attribute: DeviceAttribute): [string, ComponentChildren] {
  return [
    tOr(`attribute.${attribute.name}`, attribute.name),
    <span class="code" title={t('device.since', { time: isoText(attribute.since) })}>
      {typeof attribute.value === 'boolean'
        ? t(attribute.value ? 'data.yes' : 'data.no')
        : String(attribute.value)}
    </span>,
  ];
}

function Latest({ device }: { device: Device }) {
  return (
    <DataBox title={t('device.latest')} class="latest">
      {device.latest.length === 0 ? (
        <Empty>{t('device.noReadings')}</Empty>
      ) : (
        <div class="scroll">
          <table>
            <thead>
              <tr>
                <th>{t('device.metric')}</th>
                <th class="number">{t('chart.value')}</th>
                <th class="number">{t('devices.age')}</th>
                <th>{t('device.quality')}</th>
              </tr>
            </thead>
            <tbody>
              {device.latest.map((reading) => (
                <LatestRow
                  key={`${reading.metric} ${reading.channel}`}
                  reading={reading}
                  periodMs={device.periodSeconds * 1000}
                />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </DataBox>
  );
}

function LatestRow({ reading, periodMs }: { reading: LatestReading; periodMs: number }) {
  const at = Date.parse(reading.at);
  return (
    <tr>
      <td title={reading.metric}>
        <button class="link" onClick={() => setQuery({ metric: reading.metric })}>
          {metricText(reading.metric, store.metrics)}
        </button>{' '}
        {reading.channel !== null && <span class="chip">{reading.channel}</span>}
      </td>
      <td class="number">
        <Value value={reading.value} at={at} periodMs={periodMs} unit={reading.unit} />
        <CounterNote reading={reading} />
      </td>
      <td class="number">
        <Age at={at} />
      </td>
      <td>
        <QualityMark quality={reading.quality} />{' '}
        <span class="note">{reading.quality.length === 0 ? t('device.good') : ''}</span>
        <button
          class="link showsource"
          aria-label={t('source.of', { metric: metricText(reading.metric, store.metrics) })}
          onClick={() => setQuery({ source: `${reading.metric}|${reading.channel ?? ''}|${reading.at}` })}
        >
          {t('source.show')}
        </button>
      </td>
    </tr>
  );
}

/** The message behind a value, as it was when somebody asked: later values do not move it away. */
function SourceBox({ device, source }: { device: string; source: string }) {
  const [metric = '', channel = '', at = ''] = source.split('|');
  return (
    <DataBox title={t('source.of', { metric: metricText(metric, store.metrics) })} class="sourcebox">
      <div class="buttons">
        <button onClick={() => setQuery({ source: null })}>{t('source.close')}</button>
        <a
          href={
            href('/quarantine') +
            (href('/quarantine').includes('?') ? '&' : '?') +
            `device=${encodeURIComponent(device)}`
          }
        >
          {t('replay.title')}
        </a>
      </div>
      <ReadingSource device={device} metric={metric} channel={channel === '' ? null : channel} at={at} />
    </DataBox>
  );
}
