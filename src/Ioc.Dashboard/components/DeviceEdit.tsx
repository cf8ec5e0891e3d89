import { useEffect, useRef, useState } from 'preact/hooks';
import type { Device } from '../api/contract';
import { changeDevice, readChoices, takeStep, type Choices } from '../api/registry';
import { ApiError } from '../api/request';
import { canAct, store } from '../live/session';
import { familyText } from '../text/format';
import { language, t, type TextKey } from '../text/text';
import { changesOf, formOf, type DeviceForm } from './deviceForm';

const none: Choices = { sites: [], areas: [], profiles: [] };

interface Props {
  device: Device;
  /** Take an unclaimed device on with the same form. */
  claim: boolean;
  onClose: () => void;
  onDone: () => void;
}

/** Name, place, profile and parameters of a device. Somebody else's change meanwhile is shown, never overwritten. */
export function DeviceEdit({ device, claim, onClose, onDone }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [base, setBase] = useState(device);
  const [form, setForm] = useState(formOf(device));
  const [said, setSaid] = useState<string[]>([]);
  const [choices, setChoices] = useState(none);
  useEffect(() => dialog.current?.showModal(), []);
  useEffect(() => {
    const stop = new AbortController();
    readChoices(stop.signal).then(setChoices, () => {});
    return () => stop.abort();
  }, []);

  const send = async (event: Event) => {
    event.preventDefault();
    const changes = changesOf(formOf(base), form);
    if (changes === null) return setSaid([t('edit.unreadable')]);
    try {
      const body = { version: base.version, ...changes };
      await (claim ? takeStep(base.id, 'claim', body) : changeDevice(base.id, body));
      onDone();
      onClose();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const current = error.problem['current'] as Device | undefined;
      if (error.status === 409 && current !== undefined && current !== null) {
        setBase(current);
        setForm(formOf(current));
        setSaid([t('edit.changed')]);
      } else setSaid(reasonsOf(error));
    }
  };
  const field = (name: keyof DeviceForm, list?: string) => (
    <label>
      {t(`edit.${name}` as TextKey)}
      <input
        name={name}
        value={form[name]}
        list={list}
        autocomplete="off"
        onInput={(event) => setForm({ ...form, [name]: event.currentTarget.value })}
      />
    </label>
  );
  return (
    <dialog ref={dialog} class="ask edit" aria-labelledby="edit-title" onClose={onClose}>
      <form onSubmit={(event) => void send(event)}>
        <h2 id="edit-title">
          {t(claim ? 'edit.claim' : 'edit.title')} <span class="code">{base.key}</span>
        </h2>
        <div class="fields">
          {field('name')}
          <label>
            {t('edit.family')}
            <select
              name="family"
              value={form.family}
              onChange={(event) => setForm({ ...form, family: event.currentTarget.value })}
            >
              {store.families.map((name) => (
                <option key={name} value={name}>
                  {familyText(name)}
                </option>
              ))}
            </select>
          </label>
          {field('profile', 'edit-profiles')}
          {field('site', 'edit-sites')}
          {field('area', 'edit-areas')}
          {field('lat')}
          {field('lon')}
          {field('period')}
          {field('parent')}
          {field('timeZone')}
          {field('parameters')}
        </div>
        <datalist id="edit-profiles">
          {choices.profiles.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </datalist>
        <datalist id="edit-sites">
          {choices.sites.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </datalist>
        <datalist id="edit-areas">
          {choices.areas.map(({ code, name }) => (
            <option key={code} value={code}>
              {name}
            </option>
          ))}
        </datalist>
        <Said lines={said} />
        <div class="buttons">
          <button type="submit" class="primary" disabled={!canAct.value}>
            {t(claim ? 'desk.claim' : 'edit.save')}
          </button>
          <button type="button" onClick={onClose}>
            {t('ack.cancel')}
          </button>
        </div>
      </form>
    </dialog>
  );
}

/** What the server had against it. */
export function Said({ lines }: { lines: readonly string[] }) {
  if (lines.length === 0) return null;
  return (
    <ul class="failed" role="alert">
      {lines.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
}

/** Every reason in the reader's language, where the server gave one. */
export function reasonsOf(error: ApiError): string[] {
  const faults = error.problem['faults'] as { vi: string; en: string }[] | undefined;
  return faults?.map((fault) => fault[language.value]) ?? [error.message || t('data.unreachable')];
}
