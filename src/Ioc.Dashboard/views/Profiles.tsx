import { useState } from 'preact/hooks';
import { readEdition, readProfiles, reloadProfiles, type Profile } from '../api/profiles';
import type { ApiError } from '../api/request';
import { DataBox } from '../components/DataBox';
import { Empty, Failed, Loading } from '../components/DataState';
import { DecodeTrial } from '../components/DecodeTrial';
import { Facts } from '../components/Facts';
import { EngineeringLinks } from '../components/TopBar';
import { useLoad } from '../components/useLoad';
import { fold } from '../text/fold';
import { familyText, isoText, numberText } from '../text/format';
import { t } from '../text/text';
import { query, setQuery } from './router';

/** For engineers: which firmware profiles are in force, and what they make of a message. */
export function Profiles() {
  return (
    <main class="profiles">
      <EngineeringLinks />
      <h1 class="hidden">{t('profiles.title')}</h1>
      <EditionBox />
      <DecodeTrial />
      <ProfileList />
    </main>
  );
}

function EditionBox() {
  const load = useLoad('edition', readEdition, 5_000);
  const [problem, setProblem] = useState<string | null>(null);
  const edition = load.data;
  const reload = () =>
    void reloadProfiles()
      .then(
        () => setProblem(null),
        (error: ApiError) => setProblem(error.message || t('data.unreachable')),
      )
      .finally(load.again);
  return (
    <DataBox title={t('profiles.edition')} class="edition">
      <Failed load={load} />
      {problem !== null && (
        <p class="failed" role="alert">
          <span aria-hidden="true">⚠</span> {problem}
        </p>
      )}
      {edition === null ? (
        load.error === null && <Loading again={load.again} />
      ) : (
        <>
          <Facts
            facts={[
              [t('profiles.inForce'), <span class="code">{edition.edition}</span>],
              [t('profiles.since'), isoText(edition.since)],
              [t('profiles.fromOffset'), numberText(edition.fromOffset)],
              [t('profiles.count'), numberText(edition.profileCount)],
            ]}
          />
          {edition.mistakes.length === 0 ? (
            <p class="note">
              {t('profiles.noMistakes')} <button onClick={reload}>{t('profiles.reload')}</button>
            </p>
          ) : (
            <div role="alert">
              <p class="failed">
                <span aria-hidden="true">⚠</span> {t('profiles.mistakes')}{' '}
                <button onClick={reload}>{t('profiles.reload')}</button>
              </p>
              <ul class="mistakes code">
                {edition.mistakes.map((mistake) => (
                  <li key={mistake}>{mistake}</li>
                ))}
              </ul>
            </div>
          )}
        </>
      )}
    </DataBox>
  );
}

function ProfileList() {
  const load = useLoad('profiles', readProfiles, 30_000);
  const q = query.value.get('q') ?? '';
  const wanted = fold(q);
  const all = load.data?.items ?? [];
  const shown = all.filter((profile) => fold(textOf(profile)).includes(wanted));
  return (
    <DataBox title={t('profiles.list')} class="profilelist">
      <div class="filters" role="search">
        <input
          type="search"
          value={q}
          placeholder={t('profiles.find')}
          aria-label={t('profiles.find')}
          onInput={(event) => setQuery({ q: event.currentTarget.value })}
        />
        <span class="note">
          {t('profiles.shown', { n: numberText(shown.length), all: numberText(all.length) })}
        </span>
      </div>
      <Failed load={load} />
      {load.data === null ? (
        load.error === null && <Loading again={load.again} />
      ) : shown.length === 0 ? (
        <Empty>{t('profiles.none')}</Empty>
      ) : (
        <div class="scroll">
          <table>
            <thead>
              <tr>
                <th>{t('profiles.name')}</th>
                <th>{t('profiles.hardware')}</th>
                <th class="wide">{t('profiles.firmware')}</th>
                <th class="wide">{t('devices.family')}</th>
                <th class="wide">{t('message.topic')}</th>
                <th class="wide">{t('profiles.version')}</th>
              </tr>
            </thead>
            <tbody>
              {shown.map((profile) => (
                <tr key={profile.name}>
                  <td class="code">{profile.name}</td>
                  <td>{`${profile.vendor} ${profile.model}`.trim() || '—'}</td>
                  <td class="wide">{profile.firmware || '—'}</td>
                  <td class="wide">{familyText(profile.family)}</td>
                  <td class="wide code">{profile.topics.join(', ') || t('profiles.inEnvelope')}</td>
                  <td class="wide code">{profile.version ?? '—'}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </DataBox>
  );
}

function textOf({ name, vendor, model, firmware, family, topics }: Profile): string {
  return [name, vendor, model, firmware, family, familyText(family), ...topics].join(' ');
}
