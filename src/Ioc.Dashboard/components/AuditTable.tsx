import type { AuditEntry } from '../api/contract';
import { readAudit } from '../api/registry';
import { isoText } from '../text/format';
import { t, tOr } from '../text/text';
import { devicePath, href } from '../views/router';
import { DataBox } from './DataBox';
import { useLoad } from './useLoad';

/** What people did to one device; nothing where nobody ever did. */
export function DeviceAudit({ device }: { device: string }) {
  const load = useLoad(`audit ${device}`, (signal) => readAudit(device, 50, null, signal), 10_000);
  if (load.data === null || load.data.items.length === 0) return null;
  return (
    <DataBox title={t('audit.device')} class="audit">
      <AuditTable items={load.data.items} ofOneDevice />
    </DataBox>
  );
}

export function AuditTable({
  items,
  ofOneDevice = false,
}: {
  items: readonly AuditEntry[];
  ofOneDevice?: boolean;
}) {
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={t('registry.audit')}>
      <table>
        <thead>
          <tr>
            <th>{t('audit.at')}</th>
            <th>{t('audit.action')}</th>
            {!ofOneDevice && <th>{t('audit.subject')}</th>}
            <th class="wide">{t('audit.actor')}</th>
            <th>{t('audit.change')}</th>
          </tr>
        </thead>
        <tbody>
          {items.map((entry) => (
            <tr key={entry.id}>
              <td class="when">{isoText(entry.at)}</td>
              <td title={entry.action}>{tOr(`done.${entry.action.replace('.', '_')}`, entry.action)}</td>
              {!ofOneDevice && (
                <td class="code">
                  {entry.device === null ? (
                    (entry.subject ?? '—')
                  ) : (
                    <a href={href(devicePath(entry.device))}>{entry.device}</a>
                  )}
                </td>
              )}
              <td class="wide">
                {entry.actor === 'local operator' ? t('audit.local') : entry.actor}{' '}
                <span class="note">{entry.address ?? entry.via}</span>
              </td>
              <td>{changeText(entry)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Each field before and after; a user name where the change was one of access. */
export function changeText(entry: AuditEntry): string {
  const fields = Object.entries(entry.after ?? {})
    .filter(([name, after]) => (after ?? '') !== (entry.before?.[name] ?? ''))
    .map(([name, after]) => {
      const before = entry.before?.[name];
      return `${tOr(`field.${name}`, name)}: ${(before ?? null) === null ? '' : `${wordOf(before ?? '')} → `}${wordOf(after ?? '—')}`;
    });
  return [entry.subject, ...fields].filter((text) => text !== null && text !== '').join('; ');
}

function wordOf(value: string): string {
  return tOr(`standing.${value}`, value);
}
