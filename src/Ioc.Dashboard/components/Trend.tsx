import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { useEffect, useRef } from 'preact/hooks';
import type { Lines } from '../live/history';
import { dateTimeText, numberText, quantityText } from '../text/format';
import { language, t } from '../text/text';
import { unitText } from '../text/units';
import { theme } from './settings';

interface TrendProps {
  lines: Lines;
  unit: string | null;
  from: number;
  to: number;
  limit: number | null;
  height: number;
}

const dashes: (number[] | undefined)[] = [undefined, [6, 3], [2, 2], [8, 3, 2, 3]];

/** One chart over time: gaps stay gaps, the limit is a dashed line with its name, the axis counts 24 hours. */
export function Trend({ lines, unit, from, to, limit, height }: TrendProps) {
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | null>(null);
  const shape = `${lines.channels.join('|')} ${unit} ${from} ${to} ${limit} ${height} ${theme.value} ${language.value}`;

  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const data = [lines.times, ...lines.values] as uPlot.AlignedData;
    const plot = new uPlot(
      options(element.clientWidth, { lines, unit, from, to, limit, height }),
      data,
      element,
    );
    chart.current = plot;
    const fit = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height }));
    fit.observe(element);
    return () => {
      fit.disconnect();
      plot.destroy();
      chart.current = null;
    };
  }, [shape]);

  useEffect(() => {
    chart.current?.setData([lines.times, ...lines.values] as uPlot.AlignedData, false);
    chart.current?.redraw();
  }, [lines]);

  return (
    <div
      class="trend"
      ref={box}
      tabIndex={0}
      role="img"
      aria-label={t('device.history')}
      onKeyDown={(event) => {
        const plot = chart.current;
        const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
        if (plot === null || step === 0) return;
        event.preventDefault();
        const index = Math.max(
          0,
          Math.min(lines.times.length - 1, (plot.cursor.idx ?? (step > 0 ? -1 : lines.times.length)) + step),
        );
        plot.setCursor({ left: plot.valToPos(lines.times[index]!, 'x'), top: 10 });
      }}
    />
  );
}

function options(width: number, { lines, unit, from, to, limit, height }: TrendProps): uPlot.Options {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  const font = `12px ${style.fontFamily}`;
  const traces = [colour('--trace'), colour('--tx'), colour('--mut'), colour('--tx2')];
  const clock = new Intl.DateTimeFormat('vi-VN', {
    timeZone: 'Asia/Ho_Chi_Minh',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  const day = new Intl.DateTimeFormat('vi-VN', {
    timeZone: 'Asia/Ho_Chi_Minh',
    day: '2-digit',
    month: '2-digit',
  });
  const grid = { stroke: colour('--line'), width: 1 };
  const longerThanDay = to - from > 2 * 86_400_000;
  return {
    width,
    height,
    tzDate: (at) => uPlot.tzDate(new Date(at * 1000), 'Asia/Ho_Chi_Minh'),
    scales: {
      x: { range: () => [from / 1000, to / 1000] },
      y: { range: (_plot, low, high) => withLimit(low, high, limit) },
    },
    cursor: { y: false, drag: { x: false, y: false } },
    series: [
      { label: t('chart.time'), value: (_plot, at) => (at === null ? '—' : dateTimeText(at * 1000)) },
      ...lines.channels.map((channel, index) => ({
        label: channel ?? t('chart.value'),
        stroke: traces[index % traces.length]!,
        width: 1.5,
        ...(dashes[Math.floor(index / traces.length) % dashes.length]
          ? { dash: dashes[Math.floor(index / traces.length) % dashes.length]! }
          : {}),
        points: { show: lines.times.length < 60, size: 4 },
        value: (_plot: uPlot, value: number | null) =>
          value === null || value === undefined ? '—' : quantityText(value, unit),
      })),
    ],
    axes: [
      {
        stroke: colour('--tx2'),
        font,
        grid,
        ticks: grid,
        values: (_plot, splits) => splits.map((at) => (longerThanDay ? day : clock).format(at * 1000)),
      },
      {
        stroke: colour('--tx2'),
        font,
        grid,
        ticks: grid,
        size: 64,
        label: unitText(unit),
        labelSize: 18,
        labelFont: font,
        values: (_plot, splits, _axis, _space, step) =>
          splits.map((value) => numberText(value, step < 0.1 ? 2 : step < 1 ? 1 : 0)),
      },
    ],
    hooks: {
      draw: [
        (plot) => {
          if (limit === null) return;
          const y = plot.valToPos(limit, 'y', true);
          const { left, width: across } = plot.bbox;
          const { ctx } = plot;
          ctx.save();
          ctx.strokeStyle = colour('--tx');
          ctx.fillStyle = colour('--tx');
          ctx.lineWidth = devicePixelRatio;
          ctx.setLineDash([6 * devicePixelRatio, 4 * devicePixelRatio]);
          ctx.beginPath();
          ctx.moveTo(left, y);
          ctx.lineTo(left + across, y);
          ctx.stroke();
          ctx.font = `${12 * devicePixelRatio}px ${style.fontFamily}`;
          ctx.textAlign = 'right';
          ctx.fillText(
            `${t('chart.limit')} ${quantityText(limit, unit)}`,
            left + across - 4 * devicePixelRatio,
            y - 4 * devicePixelRatio,
          );
          ctx.restore();
        },
      ],
    },
  };
}

function withLimit(low: number | null, high: number | null, limit: number | null): [number, number] {
  let least = Math.min(low ?? Number.POSITIVE_INFINITY, limit ?? Number.POSITIVE_INFINITY);
  let most = Math.max(high ?? Number.NEGATIVE_INFINITY, limit ?? Number.NEGATIVE_INFINITY);
  if (!Number.isFinite(least) || !Number.isFinite(most)) [least, most] = [0, 1];
  const margin = (most - least) * 0.14 || Math.abs(most) * 0.05 || 1;
  // A count or a flow that touches zero gets no strip of negative numbers.
  return [least >= 0 && least - margin < 0 ? 0 : least - margin, most + margin];
}
