import { t, type TextKey } from '../text/text';
import { Audit } from './registry/Audit';
import { Firmware } from './registry/Firmware';
import { ImportPage } from './registry/ImportPage';
import { Strangers } from './registry/Strangers';
import { href } from './router';

export const registryTabs = ['strangers', 'import', 'firmware', 'audit'] as const;
export type RegistryTab = (typeof registryTabs)[number];

/** Which devices there are, how they come in and go, and what runs on them. */
export function Registry({ tab }: { tab: RegistryTab }) {
  return (
    <main class="registry">
      <section class="panel list">
        <h1 class="hidden">{t('nav.registry')}</h1>
        <nav class="tabs" aria-label={t('nav.registry')}>
          {registryTabs.map((name) => (
            <a
              key={name}
              href={href(name === 'strangers' ? '/registry' : `/registry/${name}`)}
              aria-current={name === tab ? 'page' : undefined}
            >
              {t(`registry.${name}` as TextKey)}
            </a>
          ))}
        </nav>
        {tab === 'strangers' && <Strangers />}
        {tab === 'import' && <ImportPage />}
        {tab === 'firmware' && <Firmware />}
        {tab === 'audit' && <Audit />}
      </section>
    </main>
  );
}
