import type { Device } from '../api/contract';
import type { HistoryQuery } from '../api/devices';
import { second } from '../live/clock';
import { store } from '../live/session';
import { metricText } from '../text/format';
import { t, type TextKey } from '../text/text';
import { DataBox } from './DataBox';
import { Empty } from './DataState';
import { History } from './History';

interface Range {
  name: string;
  text: TextKey;
  spanMs: number;
  every: HistoryQuery['every'];
  per: TextKey | null;
}

const ranges: readonly [Range, ...Range[]] = [
  { name: '1h', text: 'chart.hour', spanMs: 3_600_000, every: null, per: null },
  { name: '6h', text: 'chart.sixHours', spanMs: 6 * 3_600_000, every: '1m', per: 'chart.everyMinute' },
  { name: '24h', text: 'chart.day', spanMs: 24 * 3_600_000, every: '15m', per: 'chart.everyQuarter' },
  { name: '7d', text: 'chart.week', spanMs: 7 * 24 * 3_600_000, every: '1h', per: 'chart.everyHour' },
];

/** The right edge moves in steps, so that one answer serves for a while. */
const stepMs = 5_000;

interface DeviceHistoryProps {
  device: Device;
  metric: string | null;
  range: string | null;
  onChange: (patch: Record<string, string | null>) => void;
}

export function DeviceHistory({ device, metric: wanted, range: rangeName, onChange }: DeviceHistoryProps) {
  const numeric = device.latest.filter(({ value }) => typeof value !== 'string');
  const metrics = [...new Set(numeric.map(({ metric }) => metric))];
  const headline = store.info(store.find(device.id) ?? -1)?.metric ?? null;
  const metric = [wanted, headline].find((name) => name !== null && metrics.includes(name)) ?? metrics[0];
  const isCounter = numeric.some((reading) => reading.metric === metric && reading.semantics === 'counter');
  const range = ranges.find(({ name }) => name === rangeName) ?? ranges[0];
  // A device's clock may be ahead of ours by minutes; its newest reading belongs on the chart all the same.
  const newest = numeric.filter((reading) => reading.metric === metric).map(({ at }) => Date.parse(at) + 1);
  const to = Math.ceil(Math.max(second.value, ...newest) / stepMs) * stepMs;
  return (
    <DataBox title={t('device.history')} class="historybox">
      {metric === undefined ? (
        <Empty>{t('device.noReadings')}</Empty>
      ) : (
        <>
          <div class="filters">
            <select
              aria-label={t('device.metric')}
              value={metric}
              onChange={(event) => onChange({ metric: event.currentTarget.value })}
            >
              {metrics.map((name) => (
                <option key={name} value={name}>
                  {metricText(name, store.metrics)}
                </option>
              ))}
            </select>
            <span role="group" aria-label={t('chart.range')} class="segments">
              {ranges.map(({ name, text }) => (
                <button
                  key={name}
                  aria-pressed={name === range.name}
                  onClick={() => onChange({ range: name })}
                >
                  {t(text)}
                </button>
              ))}
            </span>
            <span class="note">
              {range.per === null
                ? t('chart.raw')
                : t(isCounter ? 'chart.countedIn' : 'chart.meanOf', { every: t(range.per) })}
            </span>
          </div>
          <History
            key={`${metric} ${range.name}`}
            device={device.id}
            metric={metric}
            unit={numeric.find((reading) => reading.metric === metric)?.unit ?? null}
            from={to - range.spanMs}
            to={to}
            every={range.every}
            counted={isCounter && range.every !== null}
            periodMs={device.periodSeconds * 1000}
          />
        </>
      )}
    </DataBox>
  );
}
