import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { t } from '../text/text';
import type { Loaded } from './useLoad';

/** Blank, then a skeleton, then a word and a way out: never a lone spinner. */
export function Loading({ again }: { again?: () => void }) {
  const [stage, setStage] = useState(0);
  useEffect(() => {
    const timers = [setTimeout(() => setStage(1), 300), setTimeout(() => setStage(2), 8000)];
    return () => timers.forEach(clearTimeout);
  }, []);
  if (stage === 0) return <div class="state" aria-busy="true" />;
  return (
    <div class="state" aria-busy="true">
      <div class="skeleton" role="img" aria-label={t('data.loading')} />
      {stage === 2 && (
        <p>
          {t('data.slow')} {again && <button onClick={again}>{t('data.retry')}</button>}
        </p>
      )}
    </div>
  );
}

export function Empty({ children }: { children: ComponentChildren }) {
  return <div class="state empty">{children}</div>;
}

export function Failed({ load }: { load: Loaded<unknown> }) {
  if (load.error === null) return null;
  return (
    <p class="failed" role="alert">
      <span aria-hidden="true">⚠</span>{' '}
      {t('data.error', { reason: load.error.message || t('data.unreachable') })}{' '}
      <button onClick={load.again}>{t('data.retry')}</button>
    </p>
  );
}
