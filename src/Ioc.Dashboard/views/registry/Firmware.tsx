import type { Firmware as Row } from '../../api/contract';
import { readFirmware } from '../../api/registry';
import { total } from '../../api/ingest';
import { Empty, Failed, Loading } from '../../components/DataState';
import { useLoad } from '../../components/useLoad';
import { clock } from '../../live/clock';
import { dateTimeText, isoText, numberText } from '../../text/format';
import { t } from '../../text/text';

const fresh = 7 * 86_400_000;

/** Which firmware is in the field, how well it is understood, and what it says that nobody reads. */
export function Firmware() {
  const load = useLoad('firmware', readFirmware, 10_000);
  return (
    <>
      <p class="inside note">{t('firmware.what')}</p>
      <Failed load={load} />
      {load.data === null ? (
        load.error === null && <Loading again={load.again} />
      ) : load.data.items.length === 0 ? (
        <Empty>{t('firmware.none')}</Empty>
      ) : (
        <div class="scroll" tabIndex={0} role="region" aria-label={t('registry.firmware')}>
          <table class="firmware">
            <thead>
              <tr>
                <th>{t('device.profile')}</th>
                <th>{t('firmware.version')}</th>
                <th class="number">{t('firmware.devices')}</th>
                <th class="wide">{t('firmware.firstSeen')}</th>
                <th class="wide">{t('firmware.lastSeen')}</th>
                <th class="number wide">{t('system.messages')}</th>
                <th class="number">{t('firmware.failures')}</th>
                <th>{t('firmware.unknown')}</th>
              </tr>
            </thead>
            <tbody>
              {load.data.items.map((row) => (
                <FirmwareRow key={`${row.profile} ${row.version}`} row={row} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}

function FirmwareRow({ row }: { row: Row }) {
  const failures = total(row.failures);
  const isNew = clock.now() - Date.parse(row.firstSeen) < fresh;
  return (
    <tr>
      <td class="code">{row.profile}</td>
      <td>
        {row.version === null ? (
          <span class="note">{row.line === '' ? t('firmware.unsaid') : row.line}</span>
        ) : (
          <span class="code">{row.version}</span>
        )}{' '}
        {isNew && <span class="chip">{t('firmware.new')}</span>}
      </td>
      <td class="number">{numberText(row.devices)}</td>
      <td class="wide when">{isoText(row.firstSeen)}</td>
      <td class="wide when">{isoText(row.lastSeen)}</td>
      <td class="number wide">{numberText(row.messages)}</td>
      <td
        class="number"
        title={Object.entries(row.failures)
          .map(([reason, count]) => `${reason}: ${numberText(count)}`)
          .join('; ')}
      >
        {failures === 0 ? '—' : numberText(failures)}
      </td>
      <td class="unknown">
        {row.unknownFields.length === 0
          ? '—'
          : row.unknownFields.map((field) => (
              <span
                key={field.name}
                class="chip code"
                title={t('firmware.since', {
                  time: dateTimeText(Date.parse(field.firstSeen)),
                  n: numberText(field.samples),
                })}
              >
                {clock.now() - Date.parse(field.firstSeen) < fresh && !isNew ? '⚠ ' : ''}
                {field.name}
              </span>
            ))}
      </td>
    </tr>
  );
}
