import { frame, store } from '../live/session';
import { Value } from './Value';

/** A device's headline value out of the live picture. */
export function DeviceValue({ h }: { h: number }) {
  void frame.value;
  const metric = store.info(h)?.metric ?? null;
  return (
    <Value
      value={store.reading(h)}
      at={store.measuredAt(h)}
      periodMs={store.periodMs[h] ?? 0}
      unit={metric === null ? null : store.metrics[metric]?.unit}
      quality={store.quality(h)}
    />
  );
}
