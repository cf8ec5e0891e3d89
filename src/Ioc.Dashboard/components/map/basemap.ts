import type Feature from 'ol/Feature';
import type { FeatureLike } from 'ol/Feature';
import GeoJSON from 'ol/format/GeoJSON';
import VectorLayer from 'ol/layer/Vector';
import VectorImageLayer from 'ol/layer/VectorImage';
import VectorSource from 'ol/source/Vector';
import { Fill, Stroke, Style, Text } from 'ol/style';
import { t } from '../../text/text';
import type { MapColours } from './colours';
import { clusterResolution } from './deviceLayer';

const order: Readonly<Record<string, number>> = {
  hill: 0,
  zone: 1,
  communeline: 2,
  zoneline: 3,
  sea: 4,
  island: 5,
  river: 6,
  road: 7,
};

/** The synthetic layers under and over the devices: shapes as one cached image, names on top of everything. */
export class Basemap {
  private readonly shapes = new VectorSource();
  private readonly names = new VectorSource();
  private colours: MapColours;

  readonly under: VectorImageLayer;
  readonly over: VectorLayer;

  constructor(colours: MapColours) {
    this.colours = colours;
    this.under = new VectorImageLayer({
      source: this.shapes,
      style: (feature) => this.shapeStyle(feature),
      renderOrder: null as never,
      imageRatio: 1.5,
    });
    this.over = new VectorLayer({
      source: this.names,
      style: (feature, resolution) => this.nameStyle(feature, resolution),
      declutter: true,
    });
  }

  async load(): Promise<void> {
    const response = await fetch('/basemap/gia-lai.json');
    if (!response.ok) return;
    const features = new GeoJSON().readFeatures(await response.json(), {
      featureProjection: 'EPSG:3857',
    }) as Feature[];
    const isName = (feature: Feature) => ['label', 'sealabel'].includes(kindOf(feature));
    this.names.addFeatures(features.filter((feature) => isName(feature) || feature.get('name')));
    this.shapes.addFeatures(features.filter((feature) => !isName(feature)));
  }

  recolour(colours: MapColours): void {
    this.colours = colours;
    this.under.changed();
    this.over.changed();
  }

  private shapeStyle(feature: FeatureLike): Style | Style[] | undefined {
    const { sea, land, line, panel, raise, mut } = this.colours;
    const kind = kindOf(feature);
    const zIndex = order[kind] ?? 0;
    switch (kind) {
      case 'hill':
        return new Style({
          fill: new Fill({ color: mix(land, panel, feature.get('level') === 2 ? 0.75 : 0.4) }),
          zIndex,
        });
      case 'zone':
        return new Style({ fill: new Fill({ color: withAlpha(raise, 0.55) }), zIndex });
      case 'communeline':
        return new Style({ stroke: new Stroke({ color: withAlpha(mut, 0.28), width: 1 }), zIndex });
      case 'zoneline':
        return new Style({
          stroke: new Stroke({ color: withAlpha(mut, 0.75), width: 1.3, lineDash: [7, 4] }),
          zIndex,
        });
      case 'sea':
        // The shore fades into the sea in two steps, as on a printed chart.
        return [
          new Style({
            fill: new Fill({ color: sea }),
            stroke: new Stroke({ color: withAlpha(line, 0.9), width: 1.4 }),
            zIndex,
          }),
        ];
      case 'island':
        return new Style({
          fill: new Fill({ color: land }),
          stroke: new Stroke({ color: line, width: 1.4 }),
          zIndex,
        });
      case 'river':
        return new Style({
          stroke: new Stroke({
            color: sea,
            width: Number(feature.get('width')) + 0.8,
            lineCap: 'round',
            lineJoin: 'round',
          }),
          zIndex,
        });
      case 'road':
        return new Style({
          stroke: new Stroke({
            color: withAlpha(mut, 0.5),
            width: Number(feature.get('width')),
            lineJoin: 'round',
          }),
          zIndex,
        });
      default:
        return undefined;
    }
  }

  private nameStyle(feature: FeatureLike, resolution: number): Style | undefined {
    const { text, text2, land, sea, mut, font } = this.colours;
    const kind = kindOf(feature);
    const alongLine = kind === 'river' || kind === 'road';
    const far = resolution > 90;
    if (far && alongLine) return undefined;
    // From afar the badges of the communes carry the names.
    if (kind === 'label' && resolution > clusterResolution) return undefined;
    const label = kind === 'sealabel' ? t('map.sea') : String(feature.get('name'));
    const size = kind === 'sealabel' ? 15 : kind === 'label' ? 12.5 : 11;
    return new Style({
      text: new Text({
        text: label,
        font: `${kind === 'label' ? '600 ' : kind === 'road' ? '' : 'italic '}${size}px ${font}`,
        placement: alongLine ? 'line' : 'point',
        ...(alongLine ? { repeat: 380 } : {}),
        fill: new Fill({ color: kind === 'label' ? text : text2 }),
        stroke: new Stroke({ color: kind === 'sealabel' ? sea : withAlpha(land, 0.9), width: 3 }),
        padding: [3, 6, 3, 6],
        ...(kind === 'label' ? { offsetY: -16 } : {}),
        ...(kind === 'road' ? { backgroundStroke: new Stroke({ color: mut, width: 1 }) } : {}),
      }),
    });
  }
}

function kindOf(feature: FeatureLike): string {
  return String(feature.get('kind'));
}

function channels(hex: string): [number, number, number] {
  const value = Number.parseInt(hex.slice(1), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}

function withAlpha(hex: string, alpha: number): string {
  return `rgba(${channels(hex).join(',')},${alpha})`;
}

function mix(from: string, to: string, share: number): string {
  const [a, b] = [channels(from), channels(to)];
  return `rgb(${a.map((channel, i) => Math.round(channel + (b[i]! - channel) * share)).join(',')})`;
}
