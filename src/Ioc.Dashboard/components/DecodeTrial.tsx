import { useState } from 'preact/hooks';
import { decode, type Captured, type Decoded, type Encoding } from '../api/profiles';
import { ApiError } from '../api/request';
import { t } from '../text/text';
import { DataBox } from './DataBox';
import { DecodeResult } from './DecodeResult';

const encodings: readonly Encoding[] = ['utf8', 'hex', 'base64'];

/** Tries a message against the profiles in force: nothing is stored. */
export function DecodeTrial() {
  const [message, setMessage] = useState<Captured>({ topic: '', payload: '', encoding: 'utf8' });
  const [busy, setBusy] = useState(false);
  const [result, setResult] = useState<Decoded | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const change = (patch: Partial<Captured>) => setMessage((before) => ({ ...before, ...patch }));
  const run = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    try {
      setResult(await decode({ ...message, payload: cleaned(message) }));
      setProblem(null);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setResult(null);
      setProblem(error.message || t('data.unreachable'));
    } finally {
      setBusy(false);
    }
  };
  return (
    <DataBox title={t('decode.title')} class="decode">
      <form class="decodeform" onSubmit={(event) => void run(event)}>
        <label>
          {t('message.topic')}
          <input
            class="code"
            required
            value={message.topic}
            placeholder="tele/kho-bac/SENSOR"
            onInput={(event) => change({ topic: event.currentTarget.value })}
          />
        </label>
        <label>
          {t('message.payload')}
          <textarea
            class="code"
            rows={5}
            spellcheck={false}
            value={message.payload}
            onInput={(event) => change({ payload: event.currentTarget.value })}
          />
        </label>
        <div class="buttons">
          <select
            aria-label={t('decode.encoding')}
            value={message.encoding}
            onChange={(event) => change({ encoding: event.currentTarget.value as Encoding })}
          >
            {encodings.map((encoding) => (
              <option key={encoding} value={encoding}>
                {t(`decode.${encoding}`)}
              </option>
            ))}
          </select>
          <button type="submit" class="primary" disabled={busy}>
            {t('decode.run')}
          </button>
          <span class="note">{t('decode.nothingStored')}</span>
        </div>
      </form>
      {problem !== null && (
        <p class="failed" role="alert">
          <span aria-hidden="true">⚠</span> {problem}
        </p>
      )}
      {result !== null && <DecodeResult result={result} />}
    </DataBox>
  );
}

/** Hexadecimal text is pasted with blanks, colons and line ends between the bytes. */
function cleaned({ payload, encoding }: Captured): string {
  return encoding === 'utf8' ? payload : payload.replace(/[\s:]/g, '');
}
