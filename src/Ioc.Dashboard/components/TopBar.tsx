import { link, frame, silenceSeconds, store } from '../live/session';
import { clock, second } from '../live/clock';
import { countByPriority } from '../live/alarmOrder';
import { dateText, numberText, timeText } from '../text/format';
import { language, setLanguage, t, type TextKey } from '../text/text';
import { href, navigate, route, setQuery, zone } from '../views/router';
import { PriorityGlyph } from './PriorityGlyph';
import { narrow, setTheme, theme } from './settings';

export const pages: readonly { page: string; path: string; text: TextKey }[] = [
  { page: 'overview', path: '/', text: 'nav.overview' },
  { page: 'alarms', path: '/alarms', text: 'nav.alarms' },
  { page: 'devices', path: '/devices', text: 'nav.devices' },
  { page: 'registry', path: '/registry', text: 'nav.registry' },
  { page: 'system', path: '/system', text: 'nav.system' },
];

/** Pages for engineers, behind one entry of the bar. */
export const engineering: readonly { page: string; path: string; text: TextKey }[] = [
  { page: 'system', path: '/system', text: 'nav.balance' },
  { page: 'profiles', path: '/profiles', text: 'nav.profiles' },
  { page: 'quarantine', path: '/quarantine', text: 'nav.quarantine' },
];

const groupOf: Readonly<Record<string, string>> = {
  device: 'devices',
  ...Object.fromEntries(engineering.map(({ page }) => [page, 'system'])),
};

/** On every page, never scrolled away: where, what is wrong, whether the picture is alive, what time it is. */
export function TopBar() {
  return (
    <header class="topbar">
      <a class="brand" href={href('/')} title={t('app.title')}>
        {t('app.name')}
      </a>
      <ZonePicker />
      {!narrow.value && <PageLinks />}
      <span class="gap" />
      <AlarmCounts />
      <LiveMark />
      <Clock />
      <button
        class="quiet"
        lang={language.value === 'vi' ? 'en' : 'vi'}
        title={t('bar.languageHint')}
        onClick={() => setLanguage(language.value === 'vi' ? 'en' : 'vi')}
      >
        {narrow.value ? (language.value === 'vi' ? 'EN' : 'VI') : t('bar.language')}
      </button>
      <ThemeButton />
    </header>
  );
}

export function PageLinks() {
  const here = groupOf[route.value.page] ?? route.value.page;
  return (
    <nav class="pages" aria-label={t('nav.main')}>
      {pages.map(({ page, path, text }) => (
        <a key={page} href={href(path)} aria-current={page === here ? 'page' : undefined}>
          {t(text)}
        </a>
      ))}
    </nav>
  );
}

/** The second row of links, on the pages for engineers only. */
export function EngineeringLinks() {
  const here = route.value.page;
  return (
    <nav class="tabs" aria-label={t('nav.engineering')}>
      {engineering.map(({ page, path, text }) => (
        <a key={page} href={href(path)} aria-current={page === here ? 'page' : undefined}>
          {t(text)}
        </a>
      ))}
    </nav>
  );
}

function ZonePicker() {
  void frame.value;
  return (
    <label class="zone">
      <span class="hidden">{t('bar.zone')}</span>
      <select
        value={zone.value ?? ''}
        onChange={(event) => setQuery({ zone: event.currentTarget.value, device: null })}
      >
        <option value="">{t('bar.allZones')}</option>
        {store.zones.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

function AlarmCounts() {
  void frame.value;
  const { unacknowledged, active } = countByPriority(store.alarms.values());
  return (
    <div class="counts" role="group" aria-label={t('bar.alarms')}>
      {[1, 2, 3, 4].map((priority) => {
        const unack = unacknowledged[priority] ?? 0;
        const open = active[priority] ?? 0;
        const label = t('bar.unackOfPriority', {
          priority: t(`priority.${priority}` as TextKey),
          unack,
          active: open,
        });
        return (
          <button
            key={priority}
            class="count quiet"
            data-none={open === 0}
            title={label}
            onClick={() => navigate(`${href('/alarms')}${zone.value ? '&' : '?'}p=${priority}`)}
          >
            <PriorityGlyph priority={priority} size={narrow.value ? 18 : 22} />
            <b>{unack}</b>
            <small>{open}</small>
            <span class="hidden">{label}</span>
          </button>
        );
      })}
    </div>
  );
}

function LiveMark() {
  const state = link.state.value;
  void second.value;
  void frame.value;
  const age = `${numberText(Math.min(link.silence() / 1000, 9999), silenceSeconds.value < 10 ? 1 : 0)}\u00a0s`;
  const words = t(state === 'live' ? 'bar.live' : state === 'lost' ? 'bar.lost' : 'bar.connecting');
  return (
    <span class="live" data-link={state}>
      <span aria-hidden="true">{state === 'live' ? '○' : '×'}</span>
      <span class="words">{words}</span> <span class="number">{age}</span>
    </span>
  );
}

function Clock() {
  void second.value;
  const now = clock.now();
  return (
    <time class="clock" title={`${t('bar.clock')}: ${dateText(now)}`} dateTime={new Date(now).toISOString()}>
      <span class="day">{dateText(now)} </span>
      {timeText(now)}
    </time>
  );
}

function ThemeButton() {
  const other = theme.value === 'dark' ? 'light' : 'dark';
  const label = t(other === 'light' ? 'bar.light' : 'bar.dark');
  return (
    <button class="quiet theme" aria-label={label} title={label} onClick={() => setTheme(other)}>
      <span aria-hidden="true">◐</span>
    </button>
  );
}
