import { useState } from 'preact/hooks';
import type { Credential, Device } from '../api/contract';
import { issueCredential, readCredentials, revokeCredential } from '../api/registry';
import { ApiError } from '../api/request';
import { canAct } from '../live/session';
import { isoText } from '../text/format';
import { t } from '../text/text';
import { DataBox } from './DataBox';
import { reasonsOf, Said } from './DeviceEdit';
import { Failed, Loading } from './DataState';
import { useLoad } from './useLoad';

/** How the device proves itself. A new password is on the page until it is closed, and nowhere else. */
export function DeviceCredentials({ device }: { device: Device }) {
  const load = useLoad(`credentials ${device.id}`, (signal) => readCredentials(device.id, signal), 10_000);
  const [made, setMade] = useState<Credential | null>(null);
  const [said, setSaid] = useState<string[]>([]);
  const attempt = async (work: () => Promise<Credential | null>) => {
    try {
      setMade(await work());
      setSaid([]);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setSaid(reasonsOf(error));
    }
    load.again();
  };
  const revoke = (userName: string) => {
    if (confirm(t('credential.sure', { user: userName })))
      void attempt(async () => {
        await revokeCredential(userName);
        return null;
      });
  };
  if (device.source !== 'default') return null;
  const items = load.data?.items ?? [];
  const free = !items.some(({ enabled }) => enabled);
  return (
    <DataBox title={t('credential.title')} class="credentials">
      <div class="inside">
        <Failed load={load} />
        {load.data === null && load.error === null && <Loading again={load.again} />}
        {made !== null && made.secret !== null && (
          <p class="secret" role="status">
            {t('credential.once', { user: made.userName })} <b class="code">{made.secret}</b>
          </p>
        )}
        <Said lines={said} />
        {load.data !== null && items.length === 0 && <p class="note">{t('credential.none')}</p>}
        {items.length > 0 && (
          <div class="scroll">
            <table>
              <thead>
                <tr>
                  <th>{t('credential.user')}</th>
                  <th>{t('devices.state')}</th>
                  <th class="wide">{t('credential.publish')}</th>
                  <th class="wide">{t('credential.changed')}</th>
                  <th aria-label={t('audit.action')} />
                </tr>
              </thead>
              <tbody>
                {items.map((row) => (
                  <tr key={row.userName}>
                    <td class="code">{row.userName}</td>
                    <td>{t(row.enabled ? 'credential.inForce' : 'credential.revoked')}</td>
                    <td class="wide code">{row.publish?.join(', ') ?? t('credential.general')}</td>
                    <td class="wide when">{isoText(row.changedAt)}</td>
                    <td class="number">
                      {row.enabled && (
                        <button disabled={!canAct.value} onClick={() => revoke(row.userName)}>
                          {t('credential.revoke')}
                        </button>
                      )}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
        {free &&
          load.data !== null &&
          (device.standing === 'inService' || device.standing === 'unclaimed') && (
            <p>
              <button
                disabled={!canAct.value}
                onClick={() => void attempt(() => issueCredential(device.id, ''))}
              >
                {t('credential.issue')}
              </button>
            </p>
          )}
      </div>
    </DataBox>
  );
}
