import type { Candidate, Decoded, DecodedReading } from '../api/profiles';
import { store } from '../live/session';
import { exactText, isoText, metricText } from '../text/format';
import { t, tOr } from '../text/text';
import { DecodeSteps, valueText } from './DecodeSteps';
import { Facts } from './Facts';
import { ReasonText } from './ReasonText';

/** The way of one message through the profiles: who listened, who was chosen, what came out and what did not. */
export function DecodeResult({ result }: { result: Decoded }) {
  return (
    <div class="decoded" aria-live="polite">
      <Facts
        facts={[
          [
            t('decode.outcome'),
            <>
              {result.outcome === 'reject' && <span aria-hidden="true">⚠ </span>}
              <b>{tOr(`decode.outcome.${result.outcome}`, result.outcome)}</b>
            </>,
          ],
          [t('decode.device'), result.device && <span class="code">{result.device}</span>],
          [t('decode.profile'), result.profile && <span class="code">{result.profile}</span>],
          [t('system.reason'), result.rejectReason && <ReasonText reason={result.rejectReason} />],
          [t('system.detail'), result.rejectDetail],
          [t('decode.state'), result.state && t(result.state.online ? 'state.online' : 'state.offline')],
        ]}
      />
      <Candidates candidates={result.candidates} chosen={result.profile} />
      {result.readings.length > 0 && <Readings readings={result.readings} />}
      {result.attributes !== null && Object.keys(result.attributes).length > 0 && (
        <>
          <h3>{t('decode.attributes')}</h3>
          <Facts facts={Object.entries(result.attributes).map(([name, value]) => [name, String(value)])} />
        </>
      )}
      {result.absent.length > 0 && (
        <>
          <h3>{t('decode.absent')}</h3>
          <ul class="absent">
            {result.absent.map(({ metric, reason }) => (
              <li key={metric}>
                {metricText(metric, store.metrics)} <span class="code note">{metric}</span>
                {reason !== null && `: ${tOr(`absent.${reason}`, reason)}`}
              </li>
            ))}
          </ul>
        </>
      )}
      {result.steps !== undefined && result.steps.length > 0 && <DecodeSteps steps={result.steps} />}
    </div>
  );
}

function Candidates({ candidates, chosen }: { candidates: Candidate[]; chosen: string | null }) {
  if (candidates.length === 0) return <p>{t('decode.nobodyListens')}</p>;
  return (
    <>
      <h3>{t('decode.candidates')}</h3>
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th>{t('profiles.name')}</th>
              <th class="wide">{t('decode.envelope')}</th>
              <th>{t('decode.device')}</th>
              <th>{t('decode.fits')}</th>
            </tr>
          </thead>
          <tbody>
            {candidates.map((candidate) => (
              <tr key={`${candidate.profile} ${candidate.envelope}`}>
                <td class="code">
                  {candidate.profile === chosen && <span aria-hidden="true">▸ </span>}
                  {candidate.profile}
                  {candidate.profile === chosen && <span class="hidden"> {t('decode.chosen')}</span>}
                </td>
                <td class="wide code">{candidate.envelope ?? '—'}</td>
                <td class="code">{candidate.device ?? '—'}</td>
                <td>
                  {t(candidate.fits ? 'data.yes' : 'data.no')}
                  {candidate.assignedOnly && <span class="note"> {t('decode.assignedOnly')}</span>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function Readings({ readings }: { readings: DecodedReading[] }) {
  const several = new Set(readings.map(({ device }) => device)).size > 1;
  return (
    <>
      <h3>{t('decode.readings')}</h3>
      <div class="scroll">
        <table>
          <thead>
            <tr>
              {several && <th>{t('decode.device')}</th>}
              <th>{t('decode.metric')}</th>
              <th class="number">{t('decode.asSent')}</th>
              <th class="number">{t('decode.asStored')}</th>
              <th class="wide">{t('decode.time')}</th>
              <th class="wide">{t('decode.quality')}</th>
              <th class="wide">{t('decode.semantics')}</th>
            </tr>
          </thead>
          <tbody>
            {readings.map((reading, index) => (
              <tr key={index}>
                {several && <td class="code">{reading.device}</td>}
                <td>
                  {metricText(reading.metric, store.metrics)}{' '}
                  {reading.channel !== null && <span class="chip">{reading.channel}</span>}
                  <span class="code note"> {reading.metric}</span>
                </td>
                <td class="number">{valueText(reading.value, reading.unit)}</td>
                <td class="number">{valueText(reading.canonical.value, reading.canonical.unit)}</td>
                <td class="wide">
                  {isoText(reading.time)}
                  {reading.timeSource !== null && (
                    <span class="note"> {tOr(`timeSource.${reading.timeSource}`, reading.timeSource)}</span>
                  )}
                </td>
                <td class="wide">{qualityText(reading.quality)}</td>
                <td class="wide">
                  {tOr(`semantics.${reading.semantics}`, reading.semantics)}
                  {reading.delta !== null && (
                    <span class="number"> {t('decode.delta', { n: exactText(reading.delta) })}</span>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function qualityText(words: string): string {
  if (words === 'good') return t('quality.good');
  return words
    .split(',')
    .map((word) => {
      const camel = word.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
      return tOr(`doubt.${camel}`, word);
    })
    .join(', ');
}
