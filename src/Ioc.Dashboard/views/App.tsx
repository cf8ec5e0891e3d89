import { effect } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { AckDialog } from '../components/AckDialog';
import { Announcer } from '../components/Announcer';
import { Empty } from '../components/DataState';
import { LinkBar } from '../components/LinkBar';
import { narrow } from '../components/settings';
import { lazy } from '../components/lazy';
import { PageLinks, TopBar } from '../components/TopBar';
import { link } from '../live/session';
import { t } from '../text/text';
import { Alarms } from './Alarms';
import { DevicePage } from './DevicePage';
import { Devices } from './Devices';
import { Overview } from './Overview';
import { Registry } from './Registry';
import { href, navigate, route, setQuery, zone } from './router';
import { Quarantine } from './Quarantine';
import { System } from './System';

// Engineers' pages: operators never fetch them.
const Profiles = lazy(async () => (await import('./Profiles')).Profiles);

export function App() {
  useEffect(
    () =>
      effect(() => {
        const refused = link.refusedZone.value;
        if (refused !== null && refused === zone.value) setQuery({ zone: null });
        else link.scope(zone.value);
      }),
    [],
  );
  useEffect(
    () =>
      effect(() => {
        document.documentElement.dataset['link'] = link.state.value;
      }),
    [],
  );
  useEffect(listenForPageKeys, []);
  return (
    <>
      <TopBar />
      <LinkBar />
      <Page />
      {narrow.value && <PageLinks />}
      <AckDialog />
      <Announcer />
    </>
  );
}

function Page() {
  const here = route.value;
  switch (here.page) {
    case 'overview':
      return <Overview />;
    case 'alarms':
      return <Alarms id={here.id} />;
    case 'devices':
      return <Devices />;
    case 'device':
      return <DevicePage key={here.id} id={here.id} />;
    case 'registry':
      return <Registry tab={here.tab} />;
    case 'profiles':
      return <Profiles />;
    case 'quarantine':
      return <Quarantine />;
    case 'system':
      return <System />;
    case 'unknown':
      return (
        <main>
          <Empty>
            {t('app.notFound')} <a href={href('/')}>{t('app.home')}</a>
          </Empty>
        </main>
      );
  }
}

const pageKeys: Readonly<Record<string, string>> = {
  t: '/',
  b: '/',
  c: '/alarms',
  d: '/devices',
  r: '/registry',
  p: '/profiles',
  q: '/quarantine',
  h: '/system',
};
const chordMs = 1_500;

/** `g` and then a letter goes to a page. */
function listenForPageKeys(): () => void {
  let startedAt = Number.NEGATIVE_INFINITY;
  const press = (event: KeyboardEvent) => {
    if ((event.target as HTMLElement).matches?.('input, select, textarea, dialog *')) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const path = pageKeys[event.key];
    if (path !== undefined && performance.now() - startedAt < chordMs) {
      event.preventDefault();
      navigate(href(path));
    }
    startedAt = event.key === 'g' ? performance.now() : Number.NEGATIVE_INFINITY;
  };
  addEventListener('keydown', press);
  return () => removeEventListener('keydown', press);
}
