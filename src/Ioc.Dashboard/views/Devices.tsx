import { useEffect, useState } from 'preact/hooks';
import type { Device, Page } from '../api/contract';
import { findDevices } from '../api/devices';
import { Empty, Failed, Loading } from '../components/DataState';
import { DeviceValue } from '../components/DeviceValue';
import { PriorityGlyph } from '../components/PriorityGlyph';
import { StateMark } from '../components/StateMark';
import { useLoad } from '../components/useLoad';
import { Age } from '../components/Value';
import { deviceStates } from '../live/store';
import { frame, store } from '../live/session';
import { familyText, numberText } from '../text/format';
import { t } from '../text/text';
import { devicePath, href, query, setQuery, zone } from './router';

const typingMs = 200;

/** Find a device by name, id, family, state or zone; the values are the live ones. */
export function Devices() {
  void frame.value;
  const family = query.value.get('family');
  const state = query.value.get('state');
  const q = query.value.get('q') ?? '';
  const settled = useSettled(q, typingMs);
  const filter = { q: settled, zone: zone.value, family, state };
  const key = JSON.stringify(filter);
  const found = useLoad(key, (signal) => findDevices(filter, null, signal), 10_000);
  const [further, setFurther] = useState<{ key: string; page: Page<Device> } | null>(null);
  const more = further?.key === key ? further.page : null;
  const items = [...(found.data?.items ?? []), ...(more?.items ?? [])];
  const next = more === null ? (found.data?.next ?? null) : more.next;

  const showMore = async () => {
    const page = await findDevices(filter, next, AbortSignal.timeout(30_000)).catch(() => null);
    if (page !== null)
      setFurther({ key, page: { items: [...(more?.items ?? []), ...page.items], next: page.next } });
  };

  return (
    <main class="devices">
      <section class="panel list">
        <h1 class="hidden">{t('devices.title')}</h1>
        <div class="filters" role="search">
          <input
            type="search"
            value={q}
            placeholder={t('devices.find')}
            aria-label={t('devices.find')}
            onInput={(event) => setQuery({ q: event.currentTarget.value })}
          />
          <select
            aria-label={t('devices.family')}
            value={family ?? ''}
            onChange={(event) => setQuery({ family: event.currentTarget.value })}
          >
            <option value="">{t('family.all')}</option>
            {store.families.map((name) => (
              <option key={name} value={name}>
                {familyText(name)}
              </option>
            ))}
          </select>
          <select
            aria-label={t('devices.state')}
            value={state ?? ''}
            onChange={(event) => setQuery({ state: event.currentTarget.value })}
          >
            <option value="">{t('devices.anyState')}</option>
            {deviceStates.map((name) => (
              <option key={name} value={name}>
                {t(`state.${name}`)}
              </option>
            ))}
          </select>
          {found.data !== null && (
            <span class="note">
              {t(next === null ? 'devices.shown' : 'devices.shownMore', { n: numberText(items.length) })}
            </span>
          )}
        </div>
        <Failed load={found} />
        {found.data === null && found.error === null ? (
          <Loading again={found.again} />
        ) : items.length === 0 ? (
          <Empty>
            {t('devices.none')}{' '}
            <button onClick={() => setQuery({ q: null, family: null, state: null, zone: null })}>
              {t('devices.clear')}
            </button>
          </Empty>
        ) : (
          <div class="scroll">
            <table class="devicetable">
              <thead>
                <tr>
                  <th class="tight" aria-label={t('alarms.priority')} />
                  <th>{t('devices.name')}</th>
                  <th class="wide">{t('devices.id')}</th>
                  <th class="wide">{t('devices.family')}</th>
                  <th class="wide">{t('devices.area')}</th>
                  <th class="wide">{t('devices.state')}</th>
                  <th class="number">{t('devices.value')}</th>
                  <th class="number wide">{t('devices.age')}</th>
                </tr>
              </thead>
              <tbody>
                {items.map((device) => (
                  <DeviceRow key={device.id} device={device} />
                ))}
              </tbody>
            </table>
            {next !== null && (
              <p class="more">
                <button onClick={() => void showMore()}>{t('data.more')}</button>
              </p>
            )}
          </div>
        )}
      </section>
    </main>
  );
}

function DeviceRow({ device }: { device: Device }) {
  void frame.value;
  const h = store.find(device.id);
  const seen = device.lastSeen === null ? null : Date.parse(device.lastSeen);
  const priority = h === undefined ? 0 : (store.priority[h] ?? 0);
  const state = <StateMark state={h === undefined ? device.state : store.deviceState(h)} />;
  return (
    <tr>
      <td class="tight">{priority > 0 && <PriorityGlyph priority={priority} size={18} />}</td>
      <td>
        <a href={href(devicePath(device.id))}>{device.name}</a>{' '}
        {!device.claimed && <span class="chip">{t('device.unclaimed')}</span>}
        <span class="underneath note">
          {state} · {device.areaName ?? '—'}
        </span>
      </td>
      <td class="wide code">{device.key}</td>
      <td class="wide">{familyText(device.family)}</td>
      <td class="wide">{device.areaName ?? '—'}</td>
      <td class="wide">{state}</td>
      <td class="number">{h === undefined ? '—' : <DeviceValue h={h} />}</td>
      <td class="number wide">
        <Age at={h === undefined ? seen : (store.measuredAt(h) ?? seen)} />
      </td>
    </tr>
  );
}

/** The text once the fingers rest. */
function useSettled(text: string, afterMs: number): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), afterMs);
    return () => clearTimeout(timer);
  }, [text, afterMs]);
  return settled;
}
