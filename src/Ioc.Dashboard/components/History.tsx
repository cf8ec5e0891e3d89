import { useState } from 'preact/hooks';
import type { HistoryReading } from '../api/contract';
import { historyLimit, readHistory, type HistoryQuery } from '../api/devices';
import { toLines } from '../live/history';
import { dateTimeText, readingText } from '../text/format';
import { t } from '../text/text';
import { Empty, Failed, Loading } from './DataState';
import { lazy } from './lazy';
import { useLoad } from './useLoad';

const Trend = lazy(() => import('./Trend').then((module) => module.Trend));

interface HistoryProps {
  device: string;
  metric: string;
  /** Only this channel; undefined for all of them. */
  channel?: string | null;
  unit: string | null;
  from: number;
  to: number;
  every: HistoryQuery['every'];
  periodMs: number;
  /** A counter's buckets: what was counted in each, not where it stood. */
  counted?: boolean;
  limit?: number | null;
  refreshMs?: number | null;
  compact?: boolean;
}

const bucketMs = { '1m': 60_000, '15m': 900_000, '1h': 3_600_000, '1d': 86_400_000 };

/** A metric's past as a chart, with the same numbers as a table and as CSV. */
export function History(props: HistoryProps) {
  const {
    device,
    metric,
    channel,
    unit,
    from,
    to,
    every,
    periodMs,
    counted = false,
    limit = null,
    refreshMs = null,
    compact = false,
  } = props;
  const [asTable, setAsTable] = useState(false);
  const key = `${device} ${metric} ${from} ${to} ${every}`;
  const history = useLoad(
    key,
    (signal) => readHistory(device, { metric, from, to, every }, signal),
    refreshMs,
  );
  // The last answer is kept while the next is asked for, but never under another metric's name.
  const answers = history.data?.device === device && history.data.metric === metric;
  if (history.data === null || !answers)
    return history.error ? <Failed load={history} /> : <Loading again={history.again} />;

  const wanted = history.data.items.filter((item) => channel === undefined || item.channel === channel);
  // A store that cannot say what was counted leaves the stand to be shown.
  const items =
    counted && wanted.some((item) => typeof item.consumption === 'number')
      ? wanted.map((item) => ({ ...item, value: item.consumption ?? null }))
      : wanted;
  const shownUnit = history.data.unit ?? unit;
  const gapMs = every === null ? Math.max(3 * periodMs, 5_000) : 1.5 * bucketMs[every];
  return (
    <div class={`history${compact ? ' compact' : ''}`}>
      <Failed load={history} />
      {items.length === 0 ? (
        <Empty>{t('chart.empty')}</Empty>
      ) : asTable ? (
        <HistoryTable items={items} unit={shownUnit} />
      ) : (
        <Trend
          lines={toLines(items, gapMs)}
          unit={shownUnit}
          from={from}
          to={to}
          limit={limit}
          height={compact ? 200 : 280}
        />
      )}
      {items.length > 0 && (
        <div class="buttons">
          <button class="quiet" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
            {t(asTable ? 'chart.chart' : 'chart.table')}
          </button>
          <button class="quiet" onClick={() => download(`${device}-${metric}.csv`, items)}>
            {t('chart.csv')}
          </button>
          {history.data.next !== null && <span class="note">{t('chart.cut', { n: historyLimit })}</span>}
        </div>
      )}
    </div>
  );
}

const tableRows = 500;

function HistoryTable({ items, unit }: { items: readonly HistoryReading[]; unit: string | null }) {
  const newest = items.slice(-tableRows).toReversed();
  return (
    <div class="scroll tablebox" tabIndex={0} role="region" aria-label={t('chart.table')}>
      <table>
        <thead>
          <tr>
            <th>{t('chart.time')}</th>
            <th>{t('device.channel')}</th>
            <th class="number">{t('chart.value')}</th>
            <th>{t('device.quality')}</th>
          </tr>
        </thead>
        <tbody>
          {newest.map((item) => (
            <tr key={`${item.at} ${item.channel}`}>
              <td class="when">{dateTimeText(Date.parse(item.at))}</td>
              <td>{item.channel ?? ''}</td>
              <td class="number">{readingText(item.value, unit)}</td>
              <td>{item.quality.join(', ')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function download(name: string, items: readonly HistoryReading[]): void {
  const lines = items.map(({ at, channel, value, quality }) =>
    [at, channel ?? '', value ?? '', quality.join(' ')].map(quoted).join(','),
  );
  // The mark at the start tells spreadsheets that the file is UTF-8.
  const file = new Blob(['\uFEFFat,channel,value,quality\r\n', lines.join('\r\n'), '\r\n'], {
    type: 'text/csv',
  });
  const anchor = document.createElement('a');
  anchor.href = URL.createObjectURL(file);
  anchor.download = name.replace(/[^\w.-]+/g, '_');
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(anchor.href), 10_000);
}

function quoted(cell: string | number | boolean): string {
  const text = String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
