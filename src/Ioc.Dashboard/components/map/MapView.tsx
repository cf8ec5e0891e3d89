import 'ol/ol.css';
import { defaults as defaultControls } from 'ol/control/defaults';
import { defaults as defaultInteractions } from 'ol/interaction/defaults';
import OlMap from 'ol/Map';
import { transformExtent } from 'ol/proj';
import View from 'ol/View';
import { effect } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { frame, store } from '../../live/session';
import { language, t } from '../../text/text';
import { narrow, theme } from '../settings';
import { Basemap } from './basemap';
import { readColours } from './colours';
import { DeviceLayer } from './deviceLayer';

interface MapViewProps {
  zone: string | null;
  selected: number | null;
  abnormalOnly: boolean;
  onSelect: (h: number | null) => void;
}

// The basemap ends here, and so does the view: a province, never a country.
const limits = transformExtent([108.4, 13.35, 109.8, 14.9], 'EPSG:4326', 'EPSG:3857');

/** The city on a synthetic map; it redraws when the store does, at most four times a second. */
export function MapView({ zone, selected, abnormalOnly, onSelect }: MapViewProps) {
  const box = useRef<HTMLDivElement>(null);
  const map = useRef<{ ol: OlMap; devices: DeviceLayer } | null>(null);
  const select = useRef(onSelect);
  select.current = onSelect;
  const fitted = useRef<string | null | undefined>(undefined);

  const home = (animated: boolean) => {
    const extent = devicesExtent();
    if (map.current === null || extent === null) return;
    map.current.ol
      .getView()
      .fit(extent, { padding: [64, 56, 48, 56], maxZoom: 13.5, duration: animated ? 150 : 0 });
  };

  useEffect(() => {
    const element = box.current!;
    const colours = readColours();
    const basemap = new Basemap(colours);
    const devices = new DeviceLayer(store, colours);
    const ol = new OlMap({
      target: element,
      layers: [basemap.under, devices, basemap.over],
      view: new View({
        center: [(limits[0]! + limits[2]!) / 2, (limits[1]! + limits[3]!) / 2],
        zoom: 9,
        minZoom: 8,
        maxZoom: 16,
        extent: limits,
        showFullExtent: true,
      }),
      controls: defaultControls({ attribution: false, zoom: false, rotate: false }),
      interactions: defaultInteractions({ altShiftDragRotate: false, pinchRotate: false }),
      keyboardEventTarget: element,
    });
    map.current = { ol, devices };

    ol.on('click', ({ pixel: [x = 0, y = 0] }) => {
      const found = devices.hit(x, y, narrow.value ? 22 : 12);
      const cluster = found === null ? devices.clusterAt(x, y) : null;
      if (cluster !== null)
        ol.getView().animate({
          center: ol.getCoordinateFromPixel([cluster.x, cluster.y]),
          zoom: 11.8,
          duration: 150,
        });
      else select.current(found?.h ?? null);
    });
    ol.on('pointermove', ({ pixel: [x = 0, y = 0], dragging }) => {
      if (dragging) return;
      element.style.cursor =
        devices.hit(x, y, 12) !== null || devices.clusterAt(x, y) !== null ? 'pointer' : '';
    });

    void document.fonts.load('600 12px "Be Vietnam Pro"', 'Bồng Sơn Ắ ễ').then(() => basemap.load());
    const stopFrames = effect(() => {
      void frame.value;
      devices.redraw();
    });
    const stopColours = effect(() => {
      void theme.value;
      void language.value;
      // The attribute that carries the tokens is set by an effect of its own: read them after it.
      queueMicrotask(() => {
        const fresh = readColours();
        basemap.recolour(fresh);
        devices.recolour(fresh);
      });
    });
    return () => {
      stopFrames();
      stopColours();
      ol.setTarget();
      map.current = null;
    };
  }, []);

  // A zone is fitted once its own snapshot is there; before, the devices are still those of the former zone.
  useEffect(
    () =>
      effect(() => {
        void frame.value;
        if (fitted.current === zone || store.awaiting || store.handles.length === 0) return;
        const first = fitted.current === undefined;
        fitted.current = zone;
        home(!first);
      }),
    [zone],
  );

  useEffect(() => {
    const devices = map.current?.devices;
    if (devices === undefined) return;
    devices.selected = selected;
    devices.abnormalOnly = abnormalOnly;
    devices.redraw();
  }, [selected, abnormalOnly]);

  const zoomBy = (step: number) => {
    const view = map.current?.ol.getView();
    view?.animate({ zoom: (view.getZoom() ?? 10) + step, duration: 150 });
  };
  return (
    <div class="map">
      <div
        class="canvas"
        ref={box}
        tabIndex={0}
        role="application"
        aria-label={`${t('map.title')}. ${t('map.keys')}`}
      />
      <div class="mapbuttons">
        <button aria-label={t('map.zoomIn')} title={t('map.zoomIn')} onClick={() => zoomBy(1)}>
          +
        </button>
        <button aria-label={t('map.zoomOut')} title={t('map.zoomOut')} onClick={() => zoomBy(-1)}>
          –
        </button>
        <button aria-label={t('map.reset')} title={t('map.reset')} onClick={() => home(true)}>
          ⌂
        </button>
      </div>
      <span class="illustrative">{t('map.illustrative')}</span>
    </div>
  );
}

function devicesExtent(): number[] | null {
  let [west, south, east, north] = [180, 90, -180, -90];
  for (const h of store.handles) {
    const lat = store.lat[h]!;
    const lon = store.lon[h]!;
    if (Number.isNaN(lat) || Number.isNaN(lon)) continue;
    west = Math.min(west, lon);
    east = Math.max(east, lon);
    south = Math.min(south, lat);
    north = Math.max(north, lat);
  }
  return west > east ? null : transformExtent([west, south, east, north], 'EPSG:4326', 'EPSG:3857');
}
