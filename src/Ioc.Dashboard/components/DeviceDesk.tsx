import { useEffect, useRef, useState } from 'preact/hooks';
import type { Device, Standing } from '../api/contract';
import { takeStep, type Step } from '../api/registry';
import { ApiError } from '../api/request';
import { canAct } from '../live/session';
import { t, type TextKey } from '../text/text';
import { DeviceEdit, reasonsOf, Said } from './DeviceEdit';

type Act = Step | 'edit';

const acts: Readonly<Record<Standing, readonly Act[]>> = {
  inService: ['edit', 'replace', 'retire'],
  unclaimed: ['claim', 'edit', 'reject'],
  rejected: ['lift'],
  retired: ['edit', 'return'],
};

/** What an operator can do with a device in its present standing. */
export function DeviceDesk({ device, onDone }: { device: Device; onDone: () => void }) {
  const [act, setAct] = useState<Act | null>(null);
  const close = () => setAct(null);
  return (
    <>
      <div class="buttons desk">
        {acts[device.standing].map((name) => (
          <button
            key={name}
            class={name === 'claim' ? 'primary' : ''}
            disabled={!canAct.value}
            onClick={() => setAct(name)}
          >
            {t(`desk.${name}` as TextKey)}
          </button>
        ))}
      </div>
      {(act === 'edit' || act === 'claim') && (
        <DeviceEdit device={device} claim={act === 'claim'} onClose={close} onDone={onDone} />
      )}
      {act !== null && act !== 'edit' && act !== 'claim' && (
        <StepDialog device={device} step={act} onClose={close} onDone={onDone} />
      )}
    </>
  );
}

interface StepProps {
  device: Device;
  step: Step;
  onClose: () => void;
  onDone: () => void;
}

/** Asks once, says what will happen, and takes the reason. */
function StepDialog({ device, step, onClose, onDone }: StepProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [note, setNote] = useState('');
  const [key, setKey] = useState('');
  const [said, setSaid] = useState<string[]>([]);
  useEffect(() => dialog.current?.showModal(), []);
  const send = async (event: Event) => {
    event.preventDefault();
    try {
      const reason = note.trim() === '' ? null : note.trim();
      const body = { version: device.version, note: reason };
      await takeStep(device.id, step, step === 'replace' ? { ...body, key: key.trim() } : body);
      onDone();
      onClose();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setSaid(error.status === 409 ? [t('edit.changed'), error.message] : reasonsOf(error));
      onDone();
    }
  };
  return (
    <dialog ref={dialog} class="ask" aria-labelledby="step-title" onClose={onClose}>
      <form onSubmit={(event) => void send(event)}>
        <h2 id="step-title">
          {t(`desk.${step}` as TextKey)}: {device.name}
        </h2>
        <p>{t(`desk.${step}Why` as TextKey)}</p>
        {step === 'replace' && (
          <label>
            {t('desk.newKey')}
            <input
              name="key"
              value={key}
              required
              autocomplete="off"
              onInput={(event) => setKey(event.currentTarget.value)}
            />
          </label>
        )}
        {step !== 'lift' && step !== 'return' && (
          <label>
            {t('desk.note')}
            <input
              name="note"
              value={note}
              maxLength={500}
              onInput={(event) => setNote(event.currentTarget.value)}
            />
          </label>
        )}
        <Said lines={said} />
        <div class="buttons">
          <button type="submit" class="primary" disabled={!canAct.value}>
            {t(`desk.${step}` as TextKey)}
          </button>
          <button type="button" onClick={onClose}>
            {t('ack.cancel')}
          </button>
        </div>
      </form>
    </dialog>
  );
}
