import { useEffect, useRef } from 'preact/hooks';
import { AlarmDetail } from '../components/AlarmDetail';
import { AlarmList } from '../components/AlarmList';
import { messageText } from '../components/alarmText';
import { Empty, Loading } from '../components/DataState';
import { PriorityGlyph } from '../components/PriorityGlyph';
import { isAcknowledged } from '../live/alarmOrder';
import type { Alarm } from '../live/contract';
import { frame, loaded, store } from '../live/session';
import { matches } from '../text/fold';
import { language, t } from '../text/text';
import { navigate, query, setQuery, zone } from './router';

const allPriorities = '1234';

/** The console: what is open, in the order of urgency, and what is known about the chosen one. */
export function Alarms({ id }: { id: number | null }) {
  void frame.value;
  const filterBox = useRef<HTMLInputElement>(null);
  const lastOpen = useRef<Alarm | null>(null);
  const q = query.value.get('q') ?? '';
  const priorities = query.value.get('p') ?? allPriorities;
  const onlyUnacknowledged = query.value.get('unack') === '1';

  const togglePriority = (priority: string) => {
    const next = priorities.includes(priority)
      ? priorities.replace(priority, '')
      : [...priorities, priority].sort().join('');
    setQuery({ p: next === allPriorities || next === '' ? null : next });
  };

  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const typing = (event.target as HTMLElement).matches?.('input, select, textarea, dialog *');
      if (event.key === 'Escape' && event.target === filterBox.current) filterBox.current?.blur();
      if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === '/') filterBox.current?.focus();
      else if (allPriorities.includes(event.key) && event.key.length === 1) togglePriority(event.key);
      else return;
      event.preventDefault();
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  });

  if (!loaded.value) return <Loading />;
  const keep = (alarm: Alarm) =>
    priorities.includes(String(alarm.priority)) &&
    (!onlyUnacknowledged || !isAcknowledged(alarm)) &&
    matches(q, messageText(alarm), alarm.deviceName, alarm.device, alarm.areaName);
  const all = [...store.alarms.values()];
  const hidden = all.length - all.filter(keep).length;
  const open = (to: number | null) =>
    navigate(`/alarms${to === null ? '' : `/${to}`}${location.search}`, id !== null);

  // An alarm that closes under the reader stays readable until another is chosen.
  const found = id === null ? undefined : store.alarms.get(id);
  if (found !== undefined) lastOpen.current = found;
  const shown =
    found ??
    (id !== null && lastOpen.current?.id === id ? { ...lastOpen.current, state: 'normal' as const } : null);

  return (
    <main class={`alarms${id === null ? '' : ' withdetail'}`}>
      <section class="panel list">
        <h1 class="hidden">{t('alarms.title')}</h1>
        <div class="filters" role="search">
          <button aria-pressed={!onlyUnacknowledged} onClick={() => setQuery({ unack: null })}>
            {t('alarms.open', { n: all.length })}
          </button>
          <button aria-pressed={onlyUnacknowledged} onClick={() => setQuery({ unack: '1' })}>
            {t('alarms.unack', { n: all.filter((alarm) => !isAcknowledged(alarm)).length })}
          </button>
          <input
            ref={filterBox}
            type="search"
            value={q}
            placeholder={t('alarms.filter')}
            aria-label={t('alarms.filter')}
            onInput={(event) => setQuery({ q: event.currentTarget.value })}
          />
          <span class="prios">
            {[1, 2, 3, 4].map((priority) => (
              <button
                key={priority}
                class="quiet"
                aria-pressed={priorities.includes(String(priority))}
                onClick={() => togglePriority(String(priority))}
              >
                <PriorityGlyph priority={priority} />
              </button>
            ))}
          </span>
          {hidden > 0 && (
            <span class="note">
              {t('alarms.hidden', { n: hidden })}{' '}
              <button class="quiet" onClick={() => setQuery({ q: null, p: null, unack: null })}>
                {t('alarms.showAll')}
              </button>
            </span>
          )}
          <span class="note keys">{t('alarms.keys')}</span>
        </div>
        <AlarmList
          layout="full"
          keep={keep}
          filterKey={`${zone.value} ${q} ${priorities} ${onlyUnacknowledged} ${language.value}`}
          openId={id}
          onOpen={open}
          onLocate={(device) => navigate(`/?device=${encodeURIComponent(device)}`)}
          empty={all.length === 0 ? t('alarms.none') : t('alarms.noneHidden', { n: all.length })}
        />
      </section>
      {id !== null && (
        <section class="panel detailpanel">
          <button
            class="quiet close"
            aria-label={t('map.close')}
            title={t('map.close')}
            onClick={() => open(null)}
          >
            ✕
          </button>
          {shown === null ? <Empty>{t('alarms.gone')}</Empty> : <AlarmDetail key={shown.id} alarm={shown} />}
        </section>
      )}
    </main>
  );
}
