import type { DecodedStep } from '../api/profiles';
import type { ReadingValue } from '../live/contract';
import { exactText, metricText } from '../text/format';
import { store } from '../live/session';
import { t, tOr } from '../text/text';
import { unitText } from '../text/units';

/** Every field of the profile on its way: where it looks, what stands there, and what became of it. */
export function DecodeSteps({ steps }: { steps: DecodedStep[] }) {
  return (
    <details>
      <summary>{t('steps.title', { n: steps.length })}</summary>
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th>{t('steps.field')}</th>
              <th>{t('steps.place')}</th>
              <th class="number">{t('steps.raw')}</th>
              <th class="number wide">{t('steps.number')}</th>
              <th class="number wide">{t('steps.scaled')}</th>
              <th>{t('steps.end')}</th>
            </tr>
          </thead>
          <tbody>
            {steps.map((step, index) => (
              <tr key={index}>
                <td>
                  {step.metric === null ? (
                    <span class="code">{step.name ?? '—'}</span>
                  ) : (
                    metricText(step.metric, store.metrics)
                  )}{' '}
                  {step.channel !== null && <span class="chip">{step.channel}</span>}
                </td>
                <td class="code">
                  {step.place}
                  <span class="note"> {step.writtenAt}</span>
                </td>
                <td class="number code">{step.raw ?? '—'}</td>
                <td class="number wide">{step.number === null ? '—' : exactText(step.number)}</td>
                <td class="number wide">{valueText(step.scaled, step.unit)}</td>
                <td>{endText(step)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

function endText(step: DecodedStep): string {
  if (step.absent !== null) return tOr(`absent.${step.absent}`, step.absent);
  const doubts = step.quality.map((word) => tOr(`doubt.${word}`, word)).join(', ');
  return [valueText(step.canonical, step.canonicalUnit), doubts].filter(Boolean).join(' · ');
}

/** Every digit that came, with its unit. */
export function valueText(value: ReadingValue, ucum: string | null): string {
  if (value === null) return '—';
  if (typeof value === 'boolean') return t(value ? 'data.yes' : 'data.no');
  return typeof value === 'string' ? value : `${exactText(value)}\u00a0${unitText(ucum)}`.trim();
}
