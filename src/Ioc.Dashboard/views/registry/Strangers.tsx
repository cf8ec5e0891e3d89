import type { Device } from '../../api/contract';
import { readStanding } from '../../api/registry';
import { Empty, Failed, Loading } from '../../components/DataState';
import { DeviceDesk } from '../../components/DeviceDesk';
import { useLoad } from '../../components/useLoad';
import { Age } from '../../components/Value';
import { familyText, isoText, numberText } from '../../text/format';
import { t, type TextKey } from '../../text/text';
import { devicePath, href, query, setQuery } from '../router';

const standings = ['unclaimed', 'rejected', 'retired'] as const;

/** Devices that wait for a decision, and those about which one was made against them. */
export function Strangers() {
  const standing = standings.find((name) => name === query.value.get('standing')) ?? 'unclaimed';
  const q = query.value.get('q') ?? '';
  const load = useLoad(`${standing} ${q}`, (signal) => readStanding(standing, q, null, signal), 5_000);
  const items = load.data?.items ?? [];
  return (
    <>
      <div class="filters" role="search">
        <input
          type="search"
          value={q}
          placeholder={t('devices.find')}
          aria-label={t('devices.find')}
          onInput={(event) => setQuery({ q: event.currentTarget.value })}
        />
        <select
          aria-label={t('registry.standing')}
          value={standing}
          onChange={(event) => setQuery({ standing: event.currentTarget.value })}
        >
          {standings.map((name) => (
            <option key={name} value={name}>
              {t(`standing.${name}` as TextKey)}
            </option>
          ))}
        </select>
        {load.data !== null && (
          <span class="note">
            {t(load.data.next === null ? 'devices.shown' : 'devices.shownMore', {
              n: numberText(items.length),
            })}
          </span>
        )}
      </div>
      <Failed load={load} />
      {load.data === null ? (
        load.error === null && <Loading again={load.again} />
      ) : items.length === 0 ? (
        <Empty>{t(`registry.none.${standing}` as TextKey)}</Empty>
      ) : (
        <div class="scroll">
          <table>
            <thead>
              <tr>
                <th>{t('devices.name')}</th>
                <th class="wide">{t('devices.family')}</th>
                <th class="wide">{t('device.profile')}</th>
                <th class="wide">{t('registry.firstSeen')}</th>
                <th class="number wide">{t('devices.lastSeen')}</th>
                <th aria-label={t('audit.action')} />
              </tr>
            </thead>
            <tbody>
              {items.map((device) => (
                <Row key={device.id} device={device} again={load.again} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}

function Row({ device, again }: { device: Device; again: () => void }) {
  return (
    <tr>
      <td>
        <a href={href(devicePath(device.id))}>{device.name}</a>{' '}
        {device.name !== device.key && <span class="note code">{device.key}</span>}
        {device.source !== 'default' && <span class="chip code">{device.source}</span>}
        {device.note !== null && <div class="note">{device.note}</div>}
      </td>
      <td class="wide">{familyText(device.family)}</td>
      <td class="wide code">{device.profile ?? '—'}</td>
      <td class="wide when">{device.firstSeen === null ? '—' : isoText(device.firstSeen)}</td>
      <td class="number wide">
        <Age at={device.lastSeen === null ? null : Date.parse(device.lastSeen)} />
      </td>
      <td>
        <DeviceDesk device={device} onDone={again} />
      </td>
    </tr>
  );
}
