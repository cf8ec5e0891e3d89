import { link, newBuild, silenceSeconds } from '../live/session';
import { t } from '../text/text';

/** Says across the whole page that what is shown is no longer the present, or no longer the newest version. */
export function LinkBar() {
  if (link.state.value === 'lost') {
    return (
      <div class="linkbar" role="alert">
        <span aria-hidden="true">⚠</span> {t('link.lost', { seconds: silenceSeconds.value })}
      </div>
    );
  }
  if (!newBuild.value) return null;
  // No forced reload: the operator does it when the hands are free.
  return (
    <div class="buildbar" role="status">
      {t('link.newBuild')} <button onClick={() => location.reload()}>{t('link.reload')}</button>
    </div>
  );
}
