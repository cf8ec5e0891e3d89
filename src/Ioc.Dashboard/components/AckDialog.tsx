import { useEffect, useRef, useState } from 'preact/hooks';
import { canAct } from '../live/session';
import { t } from '../text/text';
import { asking, refusal, sendAcknowledgements } from './acknowledging';
import { messageText, whereText } from './alarmText';
import { PriorityGlyph } from './PriorityGlyph';

/** Asks once, with an optional note; the typed note outlives a broken link. */
export function AckDialog() {
  const alarms = asking.value;
  const dialog = useRef<HTMLDialogElement>(null);
  const [comment, setComment] = useState('');

  useEffect(() => {
    if (alarms === null) return;
    setComment('');
    dialog.current?.showModal();
  }, [alarms]);

  if (alarms === null) return null;
  const barred = refusal(alarms);
  const close = () => (asking.value = null);
  const send = (event: Event) => {
    event.preventDefault();
    if (barred !== null || !canAct.value) return;
    close();
    void sendAcknowledgements(alarms, comment.trim());
  };
  return (
    <dialog ref={dialog} class="ask" aria-labelledby="ask-title" onClose={close}>
      <form onSubmit={send}>
        <h2 id="ask-title">{t('ack.title', { n: alarms.length })}</h2>
        <ul>
          {alarms.slice(0, 6).map((alarm) => (
            <li key={alarm.id}>
              <PriorityGlyph priority={alarm.priority} size={18} /> {messageText(alarm) + whereText(alarm)}
            </li>
          ))}
          {alarms.length > 6 && <li>+{alarms.length - 6}</li>}
        </ul>
        <label>
          {t('ack.comment')}
          <input value={comment} maxLength={500} onInput={(event) => setComment(event.currentTarget.value)} />
        </label>
        {barred !== null && <p class="failed">{barred}</p>}
        {!canAct.value && <p class="failed">{t('link.disabled')}</p>}
        <div class="buttons">
          <button type="submit" class="primary" disabled={barred !== null || !canAct.value}>
            {t('ack.send')}
          </button>
          <button type="button" onClick={close}>
            {t('ack.cancel')}
          </button>
        </div>
      </form>
    </dialog>
  );
}
