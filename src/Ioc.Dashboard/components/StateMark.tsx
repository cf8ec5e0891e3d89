import type { DeviceState } from '../live/contract';
import { t } from '../text/text';

const glyphs: Record<DeviceState, string> = { online: '○', stale: '◔', offline: '×', neverSeen: '–' };

export function StateMark({ state }: { state: DeviceState }) {
  return (
    <span class="statemark" data-state={state}>
      <span aria-hidden="true">{glyphs[state]}</span> {t(`state.${state}`)}
    </span>
  );
}
