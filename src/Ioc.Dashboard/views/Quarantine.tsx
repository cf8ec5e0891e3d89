import { readGroupMessages, readGroups, type QuarantineGroup, type Selection } from '../api/replay';
import { DataBox } from '../components/DataBox';
import { Empty, Failed, Loading } from '../components/DataState';
import { MessageSource, Payload } from '../components/MessageSource';
import { ReplayBox } from '../components/ReplayBox';
import { EngineeringLinks } from '../components/TopBar';
import { ReasonText } from '../components/ReasonText';
import { useLoad } from '../components/useLoad';
import { isoText, numberText } from '../text/format';
import { t } from '../text/text';
import { devicePath, href, query, setQuery } from './router';

const refreshMs = 5_000;

/** For engineers: what could not be decoded, by cause; and decoding it again once the profile is mended. */
export function Quarantine() {
  const group = query.value.get('group');
  const device = query.value.get('device');
  const offset = query.value.get('offset');
  const selection: Selection | null = group !== null ? { group } : device !== null ? { device } : null;
  const what = group !== null ? t('replay.group') : device !== null ? t('replay.device', { device }) : null;
  return (
    <main class="profiles quarantine">
      <EngineeringLinks />
      <h1 class="hidden">{t('quarantine.title')}</h1>
      <Groups chosen={group} />
      <ReplayBox selection={selection} what={what} />
      {group !== null && <Messages group={group} chosen={offset} />}
      {offset !== null && /^\d+$/.test(offset) && (
        <DataBox title={t('source.title')} class="sourcebox">
          <MessageSource offset={Number(offset)} />
        </DataBox>
      )}
    </main>
  );
}

function Groups({ chosen }: { chosen: string | null }) {
  const load = useLoad('groups', readGroups, refreshMs);
  return (
    <DataBox title={t('quarantine.groups')} class="groups">
      <Failed load={load} />
      {load.data === null ? (
        load.error === null && <Loading again={load.again} />
      ) : load.data.items.length === 0 ? (
        <Empty>{t('quarantine.none')}</Empty>
      ) : (
        <ul class="grouplist">
          {load.data.items.map((group) => (
            <Group key={group.id} group={group} chosen={group.id === chosen} />
          ))}
        </ul>
      )}
    </DataBox>
  );
}

function Group({ group, chosen }: { group: QuarantineGroup; chosen: boolean }) {
  return (
    <li class={chosen ? 'chosen' : undefined}>
      <button
        class="link"
        aria-expanded={chosen}
        onClick={() => setQuery({ group: chosen ? null : group.id, offset: null, device: null })}
      >
        <b class="number">{numberText(group.count)}</b> <ReasonText reason={group.reason} />
        {group.profile !== null && (
          <span class="chip">
            {group.profile}
            {group.firmware !== null && group.firmware !== '' && ` · ${group.firmware}`}
          </span>
        )}
      </button>
      <p>{group.detail}</p>
      <p class="note">
        {isoText(group.firstSeen)} … {isoText(group.lastSeen)} ·{' '}
        {t('quarantine.devices', { n: numberText(group.devices) })}
        {group.device !== null && (
          <>
            {' · '}
            <a href={href(devicePath(group.device))}>{group.device}</a>
          </>
        )}
      </p>
      {group.example === null ? (
        <p class="note">{t('source.gone')}</p>
      ) : (
        <>
          <p class="note code">{group.example.topic}</p>
          <Payload message={group.example} why={t('source.withheldGroup')} />
        </>
      )}
    </li>
  );
}

function Messages({ group, chosen }: { group: string; chosen: string | null }) {
  const load = useLoad(`group ${group}`, (signal) => readGroupMessages(group, signal), refreshMs);
  return (
    <DataBox title={t('quarantine.messages')} class="groupmessages">
      <Failed load={load} />
      {load.data === null ? (
        load.error === null && <Loading again={load.again} />
      ) : load.data.items.length === 0 ? (
        <Empty>{t('quarantine.groupEmpty')}</Empty>
      ) : (
        <div class="scroll">
          <table>
            <thead>
              <tr>
                <th class="number">{t('message.offset')}</th>
                <th>{t('message.received')}</th>
                <th>{t('message.topic')}</th>
                <th class="wide">{t('decode.device')}</th>
              </tr>
            </thead>
            <tbody>
              {load.data.items.map((message) => (
                <tr key={message.offset}>
                  <td class="number">
                    <button
                      class="link"
                      aria-expanded={String(message.offset) === chosen}
                      onClick={() => setQuery({ offset: String(message.offset) })}
                    >
                      {numberText(message.offset)}
                    </button>
                  </td>
                  <td class="when">{isoText(message.receivedAt)}</td>
                  <td class="code">{message.topic ?? '—'}</td>
                  <td class="wide code">{message.device ?? '—'}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </DataBox>
  );
}
