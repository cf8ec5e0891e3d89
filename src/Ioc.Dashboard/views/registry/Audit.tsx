import { useState } from 'preact/hooks';
import type { AuditEntry, Page } from '../../api/contract';
import { readAudit } from '../../api/registry';
import { AuditTable } from '../../components/AuditTable';
import { Empty, Failed, Loading } from '../../components/DataState';
import { useLoad } from '../../components/useLoad';
import { t } from '../../text/text';
import { query, setQuery } from '../router';

/** Who did what to which device or access, newest first. */
export function Audit() {
  const device = query.value.get('device');
  const load = useLoad(`audit ${device}`, (signal) => readAudit(device, 100, null, signal), 10_000);
  const [further, setFurther] = useState<{ device: string | null; page: Page<AuditEntry> } | null>(null);
  const more = further?.device === device ? further.page : null;
  const items = [...(load.data?.items ?? []), ...(more?.items ?? [])].filter(
    (entry, index, all) => all.findIndex(({ id }) => id === entry.id) === index,
  );
  const next = more === null ? (load.data?.next ?? null) : more.next;
  const showMore = async () => {
    const page = await readAudit(device, 100, next, AbortSignal.timeout(30_000)).catch(() => null);
    if (page !== null)
      setFurther({ device, page: { items: [...(more?.items ?? []), ...page.items], next: page.next } });
  };
  return (
    <>
      {device !== null && (
        <div class="filters">
          <span class="chip code">{device}</span>
          <button onClick={() => setQuery({ device: null })}>{t('audit.all')}</button>
        </div>
      )}
      <Failed load={load} />
      {load.data === null ? (
        load.error === null && <Loading again={load.again} />
      ) : items.length === 0 ? (
        <Empty>{t('audit.none')}</Empty>
      ) : (
        <>
          <AuditTable items={items} />
          {next !== null && (
            <p class="more">
              <button onClick={() => void showMore()}>{t('data.more')}</button>
            </p>
          )}
        </>
      )}
    </>
  );
}
