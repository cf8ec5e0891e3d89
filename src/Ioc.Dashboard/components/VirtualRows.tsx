import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';

interface VirtualRowsProps {
  count: number;
  rowHeight: number;
  /** Row to keep in sight, after the keyboard moved to it; null leaves the scroll alone. */
  reveal: number | null;
  row: (index: number) => ComponentChildren;
  header: ComponentChildren;
  gridProps: Record<string, unknown>;
}

const spare = 6;

/** A grid of rows of one height, of which only those in sight exist. The header is inside and stays on top. */
export function VirtualRows({ count, rowHeight, reveal, row, header, gridProps }: VirtualRowsProps) {
  const grid = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const [height, setHeight] = useState(600);

  useEffect(() => {
    const element = grid.current;
    if (element === null) return;
    const measure = new ResizeObserver(() => setHeight(element.clientHeight));
    measure.observe(element);
    return () => measure.disconnect();
  }, []);

  useLayoutEffect(() => {
    const element = grid.current;
    if (element === null || reveal === null) return;
    const headerHeight = (element.firstElementChild as HTMLElement | null)?.offsetHeight ?? 0;
    const rowTop = reveal * rowHeight;
    if (rowTop < element.scrollTop) element.scrollTop = rowTop;
    const bottom = rowTop + rowHeight + headerHeight;
    if (bottom > element.scrollTop + element.clientHeight) element.scrollTop = bottom - element.clientHeight;
  }, [reveal, rowHeight]);

  const first = Math.max(0, Math.floor(top / rowHeight) - spare);
  const last = Math.min(count, Math.ceil((top + height) / rowHeight) + spare);
  const rows: ComponentChildren[] = [];
  for (let index = first; index < last; index++) rows.push(row(index));

  return (
    <div
      class="grid"
      role="grid"
      ref={grid}
      onScroll={(event) => setTop(event.currentTarget.scrollTop)}
      {...gridProps}
    >
      {header}
      <div class="rows" role="rowgroup" style={{ height: `${count * rowHeight}px` }}>
        {rows}
      </div>
    </div>
  );
}
