import { useState } from 'preact/hooks';
import type { ImportReport } from '../../api/contract';
import { importDevices } from '../../api/registry';
import { ApiError } from '../../api/request';
import { Said } from '../../components/DeviceEdit';
import { Facts } from '../../components/Facts';
import { canAct } from '../../live/session';
import { numberText } from '../../text/format';
import { language, t, tOr } from '../../text/text';
import { devicePath, href } from '../router';

const template =
  '\ufeffkey;name;family;profile;site;area;lat;lon;period_s;parent;params\r\n' +
  'VD-0001;Đồng hồ ví dụ;water;;;;13,7730;109,2240;1800;;\r\n';
const shown = 200;

/** A table of devices: first what would happen, then, when the reader agrees, it happens. */
export function ImportPage() {
  const [file, setFile] = useState<File | null>(null);
  const [report, setReport] = useState<ImportReport | null>(null);
  const [said, setSaid] = useState<string[]>([]);
  const [busy, setBusy] = useState(false);
  const run = async (chosen: File, dryRun: boolean) => {
    setBusy(true);
    try {
      setReport(await importDevices(chosen, dryRun));
      setSaid([]);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setReport(null);
      setSaid([error.message || t('data.unreachable')]);
    }
    setBusy(false);
  };
  const choose = (chosen: File | null) => {
    setFile(chosen);
    setReport(null);
    if (chosen !== null) void run(chosen, true);
  };
  const would = report !== null && report.dryRun;
  return (
    <div class="inside import">
      <p>{t('import.what')}</p>
      <p class="note">{t('import.how')}</p>
      <p class="buttons">
        <label class="file">
          {t('import.file')}
          <input
            type="file"
            accept=".csv,text/csv"
            onChange={(event) => choose(event.currentTarget.files?.[0] ?? null)}
          />
        </label>
        <a
          class="button"
          download="ioc-devices.csv"
          href={`data:text/csv;charset=utf-8,${encodeURIComponent(template)}`}
        >
          {t('import.template')}
        </a>
      </p>
      <Said lines={said} />
      {busy && <p class="note">{t('data.loading')}</p>}
      {report !== null && (
        <>
          <h2>{t(would ? 'import.would' : 'import.did')}</h2>
          <Facts
            facts={[
              [t('import.rows'), numberText(report.rows)],
              [t('import.created'), numberText(report.created)],
              [t('import.updated'), numberText(report.updated)],
              [t('import.unchanged'), numberText(report.unchanged)],
              [t('import.failed'), numberText(report.failed)],
            ]}
          />
          {would && report.created + report.updated > 0 && file !== null && (
            <p>
              <button class="primary" disabled={busy || !canAct.value} onClick={() => void run(file, false)}>
                {t('import.go', { n: numberText(report.created + report.updated) })}
              </button>
            </p>
          )}
          <Faults report={report} />
          {would && <Lines report={report} />}
        </>
      )}
    </div>
  );
}

function Faults({ report }: { report: ImportReport }) {
  if (report.faults.length === 0) return null;
  return (
    <div class="scroll">
      <h3>{t('import.faults')}</h3>
      <table class="faults">
        <thead>
          <tr>
            <th class="number">{t('import.row')}</th>
            <th>{t('import.column')}</th>
            <th>{t('system.reason')}</th>
          </tr>
        </thead>
        <tbody>
          {report.faults.slice(0, shown).map((fault, index) => (
            <tr key={index}>
              <td class="number">{numberText(fault.row)}</td>
              <td class="code">{fault.column ?? '—'}</td>
              <td>{fault[language.value]}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {report.faults.length > shown && (
        <p class="note">{t('import.more', { n: numberText(report.faults.length - shown) })}</p>
      )}
    </div>
  );
}

function Lines({ report }: { report: ImportReport }) {
  if (report.lines.length === 0) return null;
  return (
    <div class="scroll">
      <h3>{t('import.lines')}</h3>
      <table>
        <thead>
          <tr>
            <th class="number">{t('import.row')}</th>
            <th>{t('alarms.device')}</th>
            <th>{t('audit.change')}</th>
          </tr>
        </thead>
        <tbody>
          {report.lines.slice(0, shown).map((line) => (
            <tr key={line.row}>
              <td class="number">{numberText(line.row)}</td>
              <td class="code">
                {line.isNew ? line.device : <a href={href(devicePath(line.device))}>{line.device}</a>}
              </td>
              <td>
                {line.isNew
                  ? t('import.new')
                  : line.fields
                      .map(
                        ({ field, before, after }) =>
                          `${tOr(`field.${field}`, field)}: ${before ?? '—'} → ${after ?? '—'}`,
                      )
                      .join('; ')}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {report.lines.length > shown && (
        <p class="note">{t('import.more', { n: numberText(report.lines.length - shown) })}</p>
      )}
    </div>
  );
}
