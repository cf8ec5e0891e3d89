// Draws the illustrative basemap of eastern Gia Lai: public/basemap/gia-lai.json.
// Everything here is made up from a few rough points (± 3 km): it looks plausible, serves the demonstration and
// is no survey. It ends inside the province on purpose: no border of the province or the country is drawn.
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const box = { west: 108.35, south: 13.3, east: 109.85, north: 14.95 };

// lon, lat of communes that the demonstration names, with their operating zone.
const communes = [
  ['Quy Nhơn', 109.228, 13.776, 'quy-nhon'],
  ['Quy Nhơn Nam', 109.205, 13.735, 'quy-nhon'],
  ['Quy Nhơn Bắc', 109.165, 13.806, 'quy-nhon'],
  ['Quy Nhơn Tây', 109.13, 13.735, 'quy-nhon'],
  ['Quy Nhơn Đông', 109.268, 13.835, 'quy-nhon'],
  ['Bình Định', 109.112, 13.88, 'an-nhon'],
  ['An Nhơn', 109.107, 13.922, 'an-nhon'],
  ['An Nhơn Bắc', 109.085, 13.965, 'an-nhon'],
  ['An Nhơn Đông', 109.155, 13.905, 'an-nhon'],
  ['An Nhơn Tây', 109.02, 13.845, 'an-nhon'],
  ['An Nhơn Nam', 109.075, 13.842, 'an-nhon'],
  ['Tam Quan', 109.045, 14.565, 'hoai-nhon'],
  ['Bồng Sơn', 109.017, 14.433, 'hoai-nhon'],
  ['Hoài Nhơn Bắc', 109.0, 14.615, 'hoai-nhon'],
  ['Hoài Nhơn Tây', 108.955, 14.465, 'hoai-nhon'],
  ['Hoài Nhơn', 109.03, 14.5, 'hoai-nhon'],
  ['Hoài Nhơn Đông', 109.085, 14.48, 'hoai-nhon'],
  ['Hoài Nhơn Nam', 109.07, 14.405, 'hoai-nhon'],
];

const coast = [
  [109.075, 14.95],
  [109.08, 14.78],
  [109.078, 14.68],
  [109.088, 14.6],
  [109.1, 14.53],
  [109.118, 14.46],
  [109.135, 14.4],
  [109.155, 14.32],
  [109.185, 14.25],
  [109.2, 14.19],
  [109.205, 14.13],
  [109.235, 14.07],
  [109.25, 14.0],
  [109.262, 13.955],
  [109.292, 13.9],
  [109.3, 13.85],
  [109.295, 13.8],
  [109.278, 13.757],
  [109.262, 13.765],
  [109.262, 13.79],
  [109.252, 13.81],
  [109.243, 13.795],
  [109.25, 13.776],
  [109.243, 13.764],
  [109.228, 13.762],
  [109.219, 13.748],
  [109.217, 13.73],
  [109.228, 13.7],
  [109.24, 13.67],
  [109.25, 13.63],
  [109.236, 13.58],
  [109.262, 13.52],
  [109.285, 13.45],
  [109.3, 13.38],
  [109.31, 13.3],
];
const lagoon = [
  [109.243, 13.8],
  [109.247, 13.83],
  [109.24, 13.86],
  [109.222, 13.885],
  [109.205, 13.89],
  [109.205, 13.868],
  [109.213, 13.845],
  [109.215, 13.82],
  [109.222, 13.803],
  [109.232, 13.79],
];
const island = [
  [109.338, 13.62],
  [109.35, 13.634],
  [109.367, 13.628],
  [109.37, 13.612],
  [109.355, 13.603],
  [109.341, 13.607],
];
const rivers = [
  [
    'Sông Kôn',
    3,
    [
      [108.62, 14.3],
      [108.72, 14.12],
      [108.79, 14.0],
      [108.88, 13.925],
      [108.96, 13.897],
      [109.04, 13.905],
      [109.09, 13.9],
      [109.14, 13.895],
      [109.2, 13.875],
    ],
  ],
  [
    '',
    1.5,
    [
      [109.06, 13.905],
      [109.1, 13.945],
      [109.16, 13.945],
      [109.205, 13.885],
    ],
  ],
  [
    'Sông Hà Thanh',
    2,
    [
      [108.93, 13.5],
      [108.99, 13.62],
      [109.05, 13.7],
      [109.11, 13.765],
      [109.15, 13.808],
      [109.19, 13.815],
      [109.225, 13.8],
    ],
  ],
  [
    'Sông Lại Giang',
    2.5,
    [
      [108.82, 14.7],
      [108.885, 14.575],
      [108.94, 14.48],
      [109.017, 14.438],
      [109.07, 14.45],
      [109.118, 14.462],
    ],
  ],
  [
    '',
    1.5,
    [
      [108.8, 14.3],
      [108.87, 14.36],
      [108.95, 14.43],
      [109.017, 14.438],
    ],
  ],
];
const roads = [
  [
    'QL1',
    2.2,
    [
      [109.03, 14.95],
      [109.035, 14.7],
      [109.045, 14.567],
      [109.022, 14.435],
      [109.05, 14.3],
      [109.06, 14.175],
      [109.07, 14.02],
      [109.106, 13.92],
      [109.113, 13.887],
      [109.145, 13.812],
      [109.15, 13.77],
      [109.165, 13.69],
      [109.19, 13.6],
      [109.22, 13.48],
      [109.25, 13.3],
    ],
  ],
  [
    'QL19',
    1.8,
    [
      [109.236, 13.785],
      [109.19, 13.805],
      [109.14, 13.85],
      [109.113, 13.875],
      [109.04, 13.885],
      [108.92, 13.9],
      [108.78, 13.93],
      [108.6, 13.95],
      [108.35, 13.97],
    ],
  ],
  [
    'QL1D',
    1.5,
    [
      [109.155, 13.765],
      [109.195, 13.758],
      [109.212, 13.745],
      [109.222, 13.7],
      [109.235, 13.66],
      [109.225, 13.6],
      [109.205, 13.55],
    ],
  ],
  [
    'QL19B',
    1.3,
    [
      [109.12, 14.0],
      [109.19, 13.96],
      [109.255, 13.93],
      [109.278, 13.86],
      [109.27, 13.8],
    ],
  ],
];
// lon, lat, half width, half height of hills; each is drawn as two steps.
const hills = [
  [108.6, 14.6, 0.17, 0.2],
  [108.55, 14.15, 0.13, 0.18],
  [108.8, 13.72, 0.13, 0.13],
  [108.55, 13.6, 0.16, 0.14],
  [108.98, 14.27, 0.05, 0.07],
  [109.15, 14.06, 0.045, 0.045],
  [109.06, 13.6, 0.05, 0.075],
  [109.16, 13.7, 0.03, 0.05],
  [108.88, 14.1, 0.07, 0.06],
  [109.28, 13.88, 0.012, 0.04],
  [108.86, 14.8, 0.1, 0.09],
  [108.45, 13.85, 0.06, 0.07],
];

/** A number in 0..1 that depends on nothing but its seeds, so that the file is the same on every machine. */
function noise(...seeds) {
  let hash = 2166136261;
  for (const seed of seeds) hash = Math.imul(hash ^ Math.round(seed * 1e4), 16777619) ^ (hash >>> 13);
  return ((hash >>> 0) % 100_000) / 100_000;
}

/** Midpoints are moved sideways, again and again. A line and its reverse come out the same: neighbours share edges. */
function crumple([a, b], depth, amount) {
  if (depth === 0) return [a, b];
  const [p, q] = a[0] < b[0] || (a[0] === b[0] && a[1] < b[1]) ? [a, b] : [b, a];
  const shift = (noise(p[0], p[1], q[0], q[1], depth) - 0.5) * amount;
  const middle = [(p[0] + q[0]) / 2 - (q[1] - p[1]) * shift, (p[1] + q[1]) / 2 + (q[0] - p[0]) * shift];
  return [
    ...crumple([a, middle], depth - 1, amount).slice(0, -1),
    ...crumple([middle, b], depth - 1, amount),
  ];
}

function crumpleLine(points, depth, amount) {
  const line = [points[0]];
  for (let i = 1; i < points.length; i++)
    line.push(...crumple([points[i - 1], points[i]], depth, amount).slice(1));
  return line;
}

/** A round line through the points (Catmull–Rom). */
function smooth(points, steps = 6) {
  const at = (i) => points[Math.max(0, Math.min(points.length - 1, i))];
  const line = [];
  for (let i = 0; i < points.length - 1; i++) {
    const [p0, p1, p2, p3] = [at(i - 1), at(i), at(i + 1), at(i + 2)];
    for (let s = 0; s < steps; s++) {
      const u = s / steps;
      line.push(
        [0, 1].map(
          (k) =>
            0.5 *
            (2 * p1[k] +
              (p2[k] - p0[k]) * u +
              (2 * p0[k] - 5 * p1[k] + 4 * p2[k] - p3[k]) * u * u +
              (3 * p1[k] - p0[k] - 3 * p2[k] + p3[k]) * u ** 3),
        ),
      );
    }
  }
  line.push(points.at(-1));
  return line;
}

/** The part of a convex polygon that is nearer to `own` than to `other`. */
function nearer(polygon, own, other) {
  const side = ([x, y]) =>
    (x - (own[0] + other[0]) / 2) * (other[0] - own[0]) + (y - (own[1] + other[1]) / 2) * (other[1] - own[1]);
  const kept = [];
  polygon.forEach((point, i) => {
    const next = polygon[(i + 1) % polygon.length];
    const [here, there] = [side(point), side(next)];
    if (here <= 0) kept.push(point);
    if (here * there < 0) {
      const u = here / (here - there);
      kept.push([point[0] + (next[0] - point[0]) * u, point[1] + (next[1] - point[1]) * u]);
    }
  });
  return kept;
}

/** Unnamed neighbours fill the land, so that the named communes do not spread over it. */
function fillers() {
  const found = [];
  for (let lon = box.west; lon < box.east; lon += 0.075) {
    for (let lat = box.south; lat < box.north; lat += 0.065) {
      const point = [lon + noise(lon, lat, 1) * 0.05, lat + noise(lon, lat, 2) * 0.045];
      if (communes.every(([, x, y]) => Math.hypot(x - point[0], y - point[1]) > 0.075)) found.push(point);
    }
  }
  return found;
}

function cells() {
  const seats = [
    ...communes.map(([name, lon, lat, zone]) => ({ name, zone, at: [lon, lat] })),
    ...fillers().map((at) => ({ name: '', zone: '', at })),
  ];
  const frame = [
    [box.west - 1, box.south - 1],
    [box.east + 1, box.south - 1],
    [box.east + 1, box.north + 1],
    [box.west - 1, box.north + 1],
  ];
  return seats.map((seat) => {
    let polygon = frame;
    for (const other of seats) if (other !== seat) polygon = nearer(polygon, seat.at, other.at);
    // Corners are rounded to one grid before crumpling: both owners of an edge must see the same ends.
    return {
      ...seat,
      ring: polygon.map(([x, y]) => [Math.round(x * 1e4) / 1e4, Math.round(y * 1e4) / 1e4]),
    };
  });
}

const round = (point) => point.map((x) => Math.round(x * 1e4) / 1e4);
const close = (ring) => [...ring, ring[0]];
const edges = (ring) => ring.map((point, i) => [point, ring[(i + 1) % ring.length]]);
const feature = (kind, geometry, properties = {}) => ({
  type: 'Feature',
  properties: { kind, ...properties },
  geometry,
});
const polygon = (ring) => ({ type: 'Polygon', coordinates: [ring.map(round)] });
const line = (points) => ({ type: 'LineString', coordinates: points.map(round) });

const features = [];
for (const [lon, lat, width, height] of hills) {
  for (const [level, size] of [
    [1, 1],
    [2, 0.55],
  ]) {
    const ring = Array.from({ length: 40 }, (_, i) => {
      const angle = (i / 40) * 2 * Math.PI;
      const wobble =
        0.78 +
        0.2 * Math.sin(angle * 3 + lon * 50) +
        0.14 * Math.sin(angle * 5 + lat * 90) +
        0.1 * noise(lon, lat, i);
      return [lon + Math.cos(angle) * width * size * wobble, lat + Math.sin(angle) * height * size * wobble];
    });
    features.push(feature('hill', polygon(smooth(close(ring), 3)), { level }));
  }
}

const grid = cells();
const seen = new Map();
for (const cell of grid) {
  if (cell.zone)
    features.push(
      feature(
        'zone',
        polygon(close(edges(cell.ring).flatMap((edge) => crumple(edge, 3, 0.35).slice(0, -1)))),
        { zone: cell.zone },
      ),
    );
  for (const edge of edges(cell.ring)) {
    const key = edge.map(String).sort().join(' ');
    seen.set(key, { edge, cells: [...(seen.get(key)?.cells ?? []), cell] });
  }
}
for (const { edge, cells: owners } of seen.values()) {
  const zones = new Set(owners.map(({ zone }) => zone));
  if (![...zones].some(Boolean)) continue;
  features.push(
    feature(zones.size > 1 || owners.length === 1 ? 'zoneline' : 'communeline', line(crumple(edge, 3, 0.35))),
  );
}

const shore = crumpleLine(smooth(coast, 4), 2, 0.25);
features.push(
  feature(
    'sea',
    polygon(close([...shore, [box.east + 1, box.south], [box.east + 1, box.north], shore[0]].slice(0, -1))),
  ),
);
features.push(feature('sea', polygon(close(smooth(close(lagoon), 5)))));
features.push(feature('island', polygon(close(smooth(close(island), 4)))));
for (const [name, width, points] of rivers)
  features.push(feature('river', line(crumpleLine(smooth(points), 2, 0.3)), { name, width }));
for (const [name, width, points] of roads)
  features.push(feature('road', line(smooth(points)), { name, width }));
for (const [name, lon, lat] of [...communes, ['Nhơn Châu', 109.354, 13.616]])
  features.push(feature('label', { type: 'Point', coordinates: [lon, lat] }, { name }));
features.push(feature('sealabel', { type: 'Point', coordinates: [109.52, 14.1] }));

const out = fileURLToPath(new URL('../public/basemap/', import.meta.url));
mkdirSync(out, { recursive: true });
writeFileSync(`${out}gia-lai.json`, JSON.stringify({ type: 'FeatureCollection', features }));
console.log(`gia-lai.json: ${features.length} features`);
