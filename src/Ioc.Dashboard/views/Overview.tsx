import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { AlarmList } from '../components/AlarmList';
import { Loading } from '../components/DataState';
import { DeviceCard } from '../components/DeviceCard';
import { DevicesInView } from '../components/DevicesInView';
import { FamilyTiles } from '../components/FamilyTiles';
import { lazy } from '../components/lazy';
import { narrow } from '../components/settings';
import { frame, loaded, store } from '../live/session';
import { numberText } from '../text/format';
import { t } from '../text/text';
import { href, navigate, query, setQuery, zone } from './router';

const MapView = lazy(() => import('../components/map/MapView').then((module) => module.MapView));

/** Level 1: what is wrong and where. On a phone the alarms come first and the map is fetched when it is reached. */
export function Overview() {
  if (!loaded.value) return <Loading />;
  return (
    <main class="overview">
      <FamilyTiles />
      <MapPanel />
      <TopAlarms />
    </main>
  );
}

function TopAlarms() {
  void frame.value;
  return (
    <section class="panel topalarms" aria-label={t('nav.alarms')}>
      <h1>
        <a href={href('/alarms')} title={t('alarms.all')}>
          {t('nav.alarms')}
        </a>
        <span class="note">{t('alarms.open', { n: store.alarms.size })}</span>
      </h1>
      <AlarmList
        layout="compact"
        keep={() => true}
        filterKey={zone.value ?? ''}
        openId={null}
        onOpen={(id) => navigate(href(`/alarms/${id}`))}
        onLocate={(device) => setQuery({ device })}
        empty={t('alarms.none')}
      />
    </section>
  );
}

function MapPanel() {
  void frame.value;
  const abnormalOnly = query.value.get('only') === 'abnormal';
  const asList = query.value.get('view') === 'list';
  const selected = store.find(query.value.get('device') ?? '') ?? null;
  const quietCount = store.handles.filter(
    (h) => (store.priority[h] ?? 0) === 0 && store.deviceState(h) !== 'offline',
  ).length;
  const select = (h: number | null) => setQuery({ device: h === null ? null : (store.info(h)?.id ?? null) });
  return (
    <section class="panel mappanel" aria-label={t('map.title')}>
      <div class="maptools">
        <button
          aria-pressed={abnormalOnly}
          onClick={() => setQuery({ only: abnormalOnly ? null : 'abnormal' })}
        >
          {t('map.abnormalOnly')}
        </button>
        <button aria-pressed={asList} onClick={() => setQuery({ view: asList ? null : 'list' })}>
          {t(asList ? 'map.back' : 'map.list')}
        </button>
        <span class="note">
          {abnormalOnly
            ? t('map.hidden', { n: numberText(quietCount) })
            : t('map.placed', {
                n: numberText(store.handles.filter((h) => !Number.isNaN(store.lat[h])).length),
              })}
        </span>
      </div>
      {asList ? (
        <DevicesInView abnormalOnly={abnormalOnly} selected={selected} onSelect={select} />
      ) : (
        <WhenReached>
          <MapView zone={zone.value} selected={selected} abnormalOnly={abnormalOnly} onSelect={select} />
        </WhenReached>
      )}
      {selected !== null && <DeviceCard h={selected} onClose={() => select(null)} />}
    </section>
  );
}

/** On narrow pages its content is made only when it comes into sight. */
function WhenReached({ children }: { children: ComponentChildren }) {
  const box = useRef<HTMLDivElement>(null);
  const [reached, setReached] = useState(!narrow.value);
  useEffect(() => {
    if (reached || box.current === null) return;
    const watch = new IntersectionObserver(
      (entries) => entries.some((entry) => entry.isIntersecting) && setReached(true),
    );
    watch.observe(box.current);
    return () => watch.disconnect();
  }, [reached]);
  return (
    <div class="reach" ref={box}>
      {reached && children}
    </div>
  );
}
