import Layer from 'ol/layer/Layer';
import type { FrameState } from 'ol/Map';
import type { LiveStore } from '../../live/store';
import { shapeOf } from '../shapes';
import type { MapColours } from './colours';
import { byCommune, heaps, hit, Mercator, place, type Cluster, type Placed } from './marks';

/** Metres per pixel above which quiet dots give way to commune counts (about zoom 11). */
export const clusterResolution = 80;
const mergePixels = 20;

/** The live devices: quiet dots, crosses for the offline, priority shapes for the abnormal, the worst on top. */
export class DeviceLayer extends Layer {
  abnormalOnly = false;
  selected: number | null = null;
  placed: Placed[] = [];

  // The quiet have a canvas of their own: it is drawn again only when the view or one of them changes.
  private readonly quiet = newCanvas();
  private readonly abnormal = newCanvas();
  private readonly both = document.createElement('div');
  private readonly mercator = new Mercator();
  private readonly paths = [0, 1, 2, 3, 4].map((priority) => new Path2D(shapeOf(priority).path));
  private colours: MapColours;
  private clusters: Cluster[] = [];
  private stamp: { key: string; canvas: HTMLCanvasElement } | null = null;
  private quietDrawn = '';
  private view: FrameState | null = null;

  constructor(
    private readonly devices: LiveStore,
    colours: MapColours,
  ) {
    super({});
    this.colours = colours;
    this.both.className = 'ol-layer';
    this.both.append(this.quiet, this.abnormal);
  }

  recolour(colours: MapColours): void {
    this.colours = colours;
    this.quietDrawn = '';
    this.changed();
  }

  hit(x: number, y: number, reach: number): Placed | null {
    return this.clusters.length > 0 ? null : hit(this.placed, x, y, reach);
  }

  clusterAt(x: number, y: number): Cluster | null {
    return (
      this.clusters.find((cluster) => Math.abs(cluster.x - x) < 36 && Math.abs(cluster.y - y) < 18) ?? null
    );
  }

  override render(frameState: FrameState | null): HTMLElement | null {
    if (frameState === null) return null;
    this.view = frameState;
    this.redraw();
    return this.both;
  }

  /** New data in the same view: the map below and its names are not drawn again. */
  redraw(): void {
    const { view } = this;
    if (view === null) return;
    const [width = 0, height = 0] = view.size;
    const { resolution } = view.viewState;
    const transform = view.coordinateToPixelTransform;
    this.placed = place(this.devices, this.mercator, transform, width, height);
    if (this.abnormalOnly) this.placed = this.placed.filter(({ standing }) => standing !== 'quiet');
    this.clusters = resolution > clusterResolution ? byCommune(this.devices, this.placed) : [];

    const clustered = this.clusters.length > 0;
    const dots = clustered ? [] : this.placed.filter(({ standing }) => standing === 'quiet');
    const quietNow = `${transform.join(' ')} ${width} ${height} ${view.pixelRatio} ${fingerprint(dots)}`;
    if (quietNow !== this.quietDrawn) {
      this.quietDrawn = quietNow;
      this.drawQuiet(cleared(this.quiet, width, height, view.pixelRatio), dots, resolution, view.pixelRatio);
    }
    const context = cleared(this.abnormal, width, height, view.pixelRatio);
    if (clustered) {
      for (const cluster of this.clusters) this.drawCluster(context, cluster);
    } else {
      this.drawOffline(context);
      for (const { x, y, priority, count } of heaps(this.placed, mergePixels)) {
        this.drawAlarm(context, x, y, priority, count);
      }
    }
    this.drawSelected(context);
  }

  /** Stamped from a picture: thousands of arcs in one path cost ten times as much. */
  private drawQuiet(
    context: CanvasRenderingContext2D,
    dots: readonly Placed[],
    resolution: number,
    ratio: number,
  ): void {
    const { stamp, reach } = this.quietStamp(resolution > 40 ? 2.6 : 3.6, ratio);
    for (const { x, y } of dots) context.drawImage(stamp, x - reach, y - reach, 2 * reach, 2 * reach);
  }

  private quietStamp(radius: number, ratio: number): { stamp: HTMLCanvasElement; reach: number } {
    const { quiet, land } = this.colours;
    const key = `${radius} ${ratio} ${quiet}`;
    const reach = radius + 1;
    if (this.stamp?.key !== key) {
      const canvas = document.createElement('canvas');
      canvas.width = Math.ceil(2 * reach * ratio);
      canvas.height = canvas.width;
      const context = canvas.getContext('2d')!;
      context.scale(canvas.width / (2 * reach), canvas.width / (2 * reach));
      context.arc(reach, reach, radius, 0, 2 * Math.PI);
      context.fillStyle = quiet;
      context.fill();
      context.strokeStyle = land;
      context.lineWidth = 1;
      context.stroke();
      this.stamp = { key, canvas };
    }
    return { stamp: this.stamp.canvas, reach };
  }

  /** Count of the quiet in a ring, the worst alarm at its right, the silent at its left. */
  private drawCluster(
    context: CanvasRenderingContext2D,
    { x, y, quiet, offline, alarms, worst, name }: Cluster,
  ): void {
    const { raise, mut, text, text2, land, font } = this.colours;
    const radius = 9 + Math.min(8, Math.log2(quiet + 1));
    context.font = `600 11px ${font}`;
    context.textAlign = 'center';
    context.textBaseline = 'middle';
    if (quiet > 0) {
      context.beginPath();
      context.arc(x, y, radius, 0, 2 * Math.PI);
      context.fillStyle = raise;
      context.fill();
      context.strokeStyle = mut;
      context.lineWidth = 1.2;
      context.stroke();
      context.fillStyle = text;
      context.fillText(String(quiet), x, y + 0.5);
    }
    if (offline > 0) {
      context.textAlign = 'right';
      context.strokeStyle = land;
      context.lineWidth = 3;
      context.strokeText(`×${offline}`, x - radius - 3, y + 0.5);
      context.fillStyle = text2;
      context.fillText(`×${offline}`, x - radius - 3, y + 0.5);
    }
    if (alarms > 0) this.drawAlarm(context, x + radius + 7, y, worst, alarms);
    context.font = `600 12px ${font}`;
    context.textAlign = 'center';
    context.strokeStyle = land;
    context.lineWidth = 3;
    context.strokeText(name, x, y - radius - 9);
    context.fillStyle = text;
    context.fillText(name, x, y - radius - 9);
  }

  private drawOffline(context: CanvasRenderingContext2D): void {
    const arm = 4.2;
    const crosses = new Path2D();
    for (const { x, y, standing } of this.placed) {
      if (standing !== 'offline') continue;
      crosses.moveTo(x - arm, y - arm);
      crosses.lineTo(x + arm, y + arm);
      crosses.moveTo(x + arm, y - arm);
      crosses.lineTo(x - arm, y + arm);
    }
    context.lineCap = 'round';
    context.strokeStyle = this.colours.land;
    context.lineWidth = 4.5;
    context.stroke(crosses);
    context.strokeStyle = this.colours.text2;
    context.lineWidth = 2;
    context.stroke(crosses);
  }

  private drawAlarm(
    context: CanvasRenderingContext2D,
    x: number,
    y: number,
    priority: number,
    count: number,
  ): void {
    const { outline, priorities, font, text, panel } = this.colours;
    const size = 22;
    const path = this.paths[priority] ?? this.paths[3]!;
    context.save();
    context.translate(x - size / 2, y - size / 2);
    context.scale(size / 24, size / 24);
    context.fillStyle = priorities[priority] ?? text;
    context.fill(path);
    context.strokeStyle = outline;
    context.lineWidth = 1.6 * (24 / size);
    context.lineJoin = 'round';
    context.stroke(path);
    context.fillStyle = outline;
    context.font = `600 12.5px ${font}`;
    context.textAlign = 'center';
    context.textBaseline = 'middle';
    context.fillText(String(priority), 12, shapeOf(priority).digitY + 0.6);
    context.restore();
    if (count === 1) return;
    const label = `+${count - 1}`;
    context.font = `600 11px ${font}`;
    context.textAlign = 'left';
    context.textBaseline = 'middle';
    context.lineWidth = 3;
    context.strokeStyle = panel;
    context.strokeText(label, x + 13, y - 6);
    context.fillStyle = text;
    context.fillText(label, x + 13, y - 6);
  }

  private drawSelected(context: CanvasRenderingContext2D): void {
    const mark = this.placed.find(({ h }) => h === this.selected);
    if (mark === undefined) return;
    context.beginPath();
    context.arc(mark.x, mark.y, mark.standing === 'alarm' ? 16 : 9, 0, 2 * Math.PI);
    context.strokeStyle = this.colours.text;
    context.lineWidth = 3;
    context.stroke();
  }
}

function newCanvas(): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  Object.assign(canvas.style, { position: 'absolute', inset: '0', width: '100%', height: '100%' });
  return canvas;
}

/** An empty canvas of the view's size that counts in CSS pixels. */
function cleared(
  canvas: HTMLCanvasElement,
  width: number,
  height: number,
  ratio: number,
): CanvasRenderingContext2D {
  const [wide, high] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== wide || canvas.height !== high) {
    canvas.width = wide;
    canvas.height = high;
  }
  const context = canvas.getContext('2d')!;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}

/** Changes when a dot comes, goes or moves. */
function fingerprint(dots: readonly Placed[]): number {
  let hash = dots.length;
  for (const { h, x, y } of dots)
    hash =
      (Math.imul(hash, 31) + Math.imul(h, 7919) + Math.round(x * 8) + Math.imul(Math.round(y * 8), 131)) | 0;
  return hash;
}
