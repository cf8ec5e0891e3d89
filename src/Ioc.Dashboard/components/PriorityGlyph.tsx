import { t, tOr } from '../text/text';
import { shapeOf } from './shapes';

/** Colour, shape and digit of a priority. Hollow: the condition has gone but nobody acknowledged it. */
export function PriorityGlyph({
  priority,
  hollow = false,
  size = 20,
}: {
  priority: number;
  hollow?: boolean;
  size?: number;
}) {
  const { path, digitY } = shapeOf(priority);
  const name = t('priority.name', { n: priority, name: tOr(`priority.${priority}`, '') });
  return (
    <svg
      class={`glyph p${priority}${hollow ? ' hollow' : ''}`}
      width={size}
      height={size}
      viewBox="-1 -1 26 26"
      role="img"
      aria-label={name}
    >
      {hollow && <path class="edge" d={path} />}
      <path d={path} />
      <text x="12" y={digitY + 4.6} text-anchor="middle">
        {priority}
      </text>
    </svg>
  );
}
