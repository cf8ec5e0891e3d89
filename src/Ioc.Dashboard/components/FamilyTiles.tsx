import { second } from '../live/clock';
import { summarise } from '../live/family';
import { frame, store } from '../live/session';
import { familyText, metricText, none, numberText, quantityText } from '../text/format';
import { t } from '../text/text';
import { zone } from '../views/router';
import { PriorityGlyph } from './PriorityGlyph';
import { Age } from './Value';

/** One tile a family: who is there, the family's figure with its age, and the worst that is wrong. */
export function FamilyTiles() {
  void frame.value;
  const summaries = summarise(store, second.value);
  return (
    <section class="tiles" aria-label={t('tile.title')}>
      {summaries.map(({ family, total, online, worstPriority, aggregate, value, metric, place, at }) => {
        const unit = metric === null ? null : store.metrics[metric]?.unit;
        const query = new URLSearchParams({ family, ...(zone.value ? { zone: zone.value } : {}) });
        return (
          <a
            key={family}
            class="tile"
            href={`/devices?${query}`}
            title={t('tile.open', { family: familyText(family) })}
          >
            <span class="tilehead">
              {familyText(family)} {worstPriority > 0 && <PriorityGlyph priority={worstPriority} size={18} />}
            </span>
            <b class="number">
              {aggregate === null
                ? `${numberText(online)}/${numberText(total)}`
                : value === null
                  ? none
                  : quantityText(value, unit)}
            </b>
            <span class="note">
              {aggregate === null || metric === null
                ? t('state.online')
                : `${metricText(metric, store.metrics)}, ${place ?? t(`tile.${aggregate}`)}`}
            </span>
            <span class="note">
              {aggregate !== null &&
                t('tile.online', { online: numberText(online), total: numberText(total) })}
              {at !== null && (
                <>
                  {' · '}
                  <Age at={at} />
                </>
              )}
            </span>
          </a>
        );
      })}
    </section>
  );
}
