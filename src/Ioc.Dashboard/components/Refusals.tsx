import type { RefusedClient } from '../api/contract';
import { readRefusals } from '../api/ingest';
import { isoText, numberText } from '../text/format';
import { t, tOr } from '../text/text';
import { DataBox } from './DataBox';
import { Failed, Loading } from './DataState';
import { useLoad } from './useLoad';

const refreshMs = 5_000;
const newest = 10;

/** The clients that were refused something last, under the counts of all. */
export function LastRefused() {
  const load = useLoad('refusals', (signal) => readRefusals(null, newest, signal), refreshMs);
  return (
    <div class="refusals">
      <h3>{t('refusals.title')}</h3>
      <Failed load={load} />
      {load.data === null ? (
        load.error === null && <Loading again={load.again} />
      ) : load.data.items.length === 0 ? (
        <p class="note">{t('refusals.none')}</p>
      ) : (
        <RefusedTable clients={load.data.items} />
      )}
    </div>
  );
}

/** What a client that bears the device's name was refused; nothing where that never happened. */
export function DeviceRefusals({ device }: { device: string }) {
  const load = useLoad(`refusals ${device}`, (signal) => readRefusals(device, newest, signal), refreshMs);
  if (load.data === null || load.data.items.length === 0) return null;
  return (
    <DataBox title={t('refusals.device')} class="refusals">
      <p class="note">{t('refusals.deviceNote')}</p>
      <RefusedTable clients={load.data.items} />
    </DataBox>
  );
}

function RefusedTable({ clients }: { clients: readonly RefusedClient[] }) {
  return (
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th>{t('refusals.at')}</th>
            <th>{t('refusals.client')}</th>
            <th class="wide">{t('refusals.user')}</th>
            <th class="wide">{t('refusals.address')}</th>
            <th>{t('system.reason')}</th>
            <th class="number">{t('refusals.count')}</th>
          </tr>
        </thead>
        <tbody>
          {clients.map((client) => (
            <tr key={`${client.clientId} ${client.address}`}>
              <td class="when">{isoText(client.at)}</td>
              <td class="code">{client.clientId ?? '—'}</td>
              <td class="wide code">{client.userName ?? '—'}</td>
              <td class="wide code">{client.address ?? '—'}</td>
              <td title={countsText(client.counts)}>{refusalText(client.reason)}</td>
              <td class="number">
                {numberText(Object.values(client.counts).reduce((sum, count) => sum + count, 0))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function refusalText(reason: string): string {
  return tOr(`refusal.${reason}`, reason);
}

/** Each reason with its count, the most frequent first. */
export function countsText(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .sort(([, a], [, b]) => b - a)
    .map(([reason, count]) => `${refusalText(reason)}: ${numberText(count)}`)
    .join('; ');
}
