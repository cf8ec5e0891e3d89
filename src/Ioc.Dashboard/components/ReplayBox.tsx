import { useState } from 'preact/hooks';
import {
  commit,
  compare,
  readReplay,
  type Difference,
  type ReadingDifference,
  type ReplayStatus,
  type Selection,
} from '../api/replay';
import { ApiError } from '../api/request';
import type { ReadingValue } from '../live/contract';
import { store } from '../live/session';
import { exactText, isoText, metricText, numberText } from '../text/format';
import { t, tOr } from '../text/text';
import { unitText } from '../text/units';
import { DataBox } from './DataBox';
import { Failed, Loading } from './DataState';
import { Facts } from './Facts';
import { useLoad } from './useLoad';

/** Decodes messages again: first the difference, then, by a second hand movement, exactly that. */
export function ReplayBox({ selection, what }: { selection: Selection | null; what: string | null }) {
  const load = useLoad('replay', readReplay, 1_000);
  const [problem, setProblem] = useState<string | null>(null);
  const [sent, setSent] = useState(false);
  const status = load.data;
  const busy = sent || status?.state === 'comparing' || status?.state === 'committing';
  const order = async (work: () => Promise<ReplayStatus>) => {
    setSent(true);
    try {
      await work();
      setProblem(null);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setProblem(error.message || t('data.unreachable'));
    } finally {
      setSent(false);
      load.again();
    }
  };
  return (
    <DataBox title={t('replay.title')} class="replay">
      <p class="note">{t('replay.note')}</p>
      <div class="buttons">
        <button
          class="primary compare"
          disabled={busy || selection === null}
          onClick={() => selection && void order(() => compare(selection))}
        >
          {what === null ? t('replay.choose') : t('replay.compare', { what })}
        </button>
        {status?.state === 'ready' && status.token !== null && (
          <button
            class="commit"
            disabled={busy || !changes(status)}
            onClick={() => void order(() => commit(status.token!))}
          >
            {t('replay.commit')}
          </button>
        )}
      </div>
      {problem !== null && (
        <p class="failed" role="alert">
          <span aria-hidden="true">⚠</span> {problem}
        </p>
      )}
      <Failed load={load} />
      {status === null ? load.error === null && <Loading again={load.again} /> : <Status status={status} />}
    </DataBox>
  );
}

function changes({ difference }: ReplayStatus): boolean {
  return difference !== null && difference.changedMessages > 0;
}

function Status({ status }: { status: ReplayStatus }) {
  if (status.state === 'none') return null;
  return (
    <div class="replaystatus" aria-live="polite" data-state={status.state}>
      <Facts
        facts={[
          [
            t('replay.state'),
            <>
              <b>{tOr(`replay.state.${status.state}`, status.state)}</b>
              {(status.state === 'comparing' || status.state === 'committing') && (
                <progress value={status.progress} max={1} aria-label={t('replay.state')} />
              )}
            </>,
          ],
          [
            t('replay.selection'),
            status.selection && <span class="code">{selectionText(status.selection)}</span>,
          ],
          [
            t('replay.by'),
            status.by && `${status.by}${status.at === null ? '' : ` · ${isoText(status.at)}`}`,
          ],
          [t('replay.failure'), status.failure],
        ]}
      />
      {status.difference !== null && <Differences found={status.difference} />}
    </div>
  );
}

function selectionText({ device, group, from, to }: Selection): string {
  return [device, group, from && `≥ ${isoText(from)}`, to && `< ${isoText(to)}`].filter(Boolean).join(' · ');
}

function Differences({ found }: { found: Difference }) {
  return (
    <>
      <Facts
        facts={[
          [
            t('replay.messages'),
            `${numberText(found.messages)} (${t('replay.changing', { n: numberText(found.changedMessages) })})`,
          ],
          [t('replay.added'), numberText(found.added)],
          [t('replay.changed'), numberText(found.changed)],
          [t('replay.removed'), numberText(found.removed)],
          [t('replay.unchanged'), numberText(found.unchanged)],
          [t('replay.duplicate'), numberText(found.duplicate)],
          [t('replay.unknown'), found.unknown === 0 ? null : numberText(found.unknown)],
          [
            t('replay.newDevices'),
            found.newDeviceCount === 0
              ? null
              : `${numberText(found.newDeviceCount)}: ${found.newDevices.join(', ')}`,
          ],
        ]}
      />
      {found.outcomes.length > 0 && (
        <ul class="outcomes">
          {found.outcomes.map(({ from, to, count }) => (
            <li key={`${from} ${to}`}>
              {tOr(`outcome.${from}`, from)} → {tOr(`outcome.${to}`, to)}: {numberText(count)}
            </li>
          ))}
        </ul>
      )}
      {found.changedMessages === 0 && <p class="note">{t('replay.nothing')}</p>}
      {found.examples.length > 0 && <Examples examples={found.examples} />}
    </>
  );
}

/** Every digit: two values that differ must not look alike. */
function exact(value: ReadingValue, unit: string | null): string {
  if (value === null) return '—';
  if (typeof value === 'boolean') return t(value ? 'data.yes' : 'data.no');
  return typeof value === 'string' ? value : `${exactText(value)}\u00a0${unitText(unit)}`.trim();
}

function Examples({ examples }: { examples: ReadingDifference[] }) {
  return (
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th>{t('replay.kind')}</th>
            <th>{t('decode.metric')}</th>
            <th class="wide">{t('decode.device')}</th>
            <th class="number">{t('replay.old')}</th>
            <th class="number">{t('replay.new')}</th>
          </tr>
        </thead>
        <tbody>
          {examples.map((one, index) => (
            <tr key={index}>
              <td>{t(`replay.${one.kind}`)}</td>
              <td>
                {metricText(one.metric, store.metrics)}{' '}
                {one.channel !== null && <span class="chip">{one.channel}</span>}
                <div class="note when">{isoText(one.at)}</div>
              </td>
              <td class="wide code">{one.device}</td>
              <td class="number">{exact(one.old, one.unit)}</td>
              <td class="number">{exact(one.new, one.unit)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
