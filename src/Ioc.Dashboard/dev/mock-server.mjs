// A stand-in for the server during development: REST, the live hub (JSON protocol by hand) and the built pages.
// node dev/mock-server.mjs [port] [times]; POST /mock/freeze stops every answer as a hung process would, /mock/thaw goes on.
import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WebSocketServer } from 'ws';
import { recordOf, registryAnswer } from './mock-registry.mjs';
import { decode, edition, profiles } from './mock-profiles.mjs';
import { answer } from './mock-replay.mjs';
import { alarms, change, devices, families, metrics, move, raise, random, zones } from './mock-fleet.mjs';

const port = Number(process.argv[2] ?? 8080);
const dist = fileURLToPath(new URL('../dist/', import.meta.url));
const separator = '\u001e';
const started = Date.now();
let frozen = false;
let received = 412_345;

const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'";
const types = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
  '.woff2': 'font/woff2',
};

const server = createServer((request, response) => {
  const url = new URL(request.url, 'http://localhost');
  if (url.pathname === '/mock/freeze' || url.pathname === '/mock/thaw') {
    frozen = url.pathname.endsWith('freeze');
    if (!frozen) for (const client of clients) client.socket.terminate();
    return void response.end();
  }
  if (url.pathname === '/mock/raise') return void response.end(JSON.stringify(announce(raise())));
  if (frozen) return;
  if (url.pathname.endsWith('/negotiate')) {
    const id = String(Math.round(random() * 1e12));
    return json(response, {
      negotiateVersion: 1,
      connectionId: id,
      connectionToken: id,
      availableTransports: [{ transport: 'WebSockets', transferFormats: ['Text'] }],
    });
  }
  if (url.pathname.startsWith('/api/')) return registry(request, url, response);
  return file(url, response);
});

function file(url, response) {
  const wanted = normalize(join(dist, decodeURIComponent(url.pathname)));
  const path =
    wanted.startsWith(dist) && existsSync(wanted) && statSync(wanted).isFile()
      ? wanted
      : join(dist, 'index.html');
  response.writeHead(200, {
    'content-type': types[extname(path)] ?? 'application/octet-stream',
    'content-security-policy': policy,
  });
  createReadStream(path).pipe(response);
}

function json(response, body, status = 200) {
  response.writeHead(status, {
    'content-type': status < 400 ? 'application/json' : 'application/problem+json',
  });
  response.end(JSON.stringify(body));
}

const fold = (text) => text.normalize('NFD').replace(/\p{M}/gu, '').replace(/[đĐ]/g, 'd').toLowerCase();
const iso = (ms) => (ms === null ? null : new Date(ms).toISOString());

function restDevice(device) {
  const at = iso(device.at);
  const latest =
    device.metric === null
      ? []
      : [
          {
            metric: device.metric,
            channel: null,
            value: device.value,
            unit: metrics[device.metric].unit,
            at,
            quality: device.quality,
            ...countedBy(device.metric, device.value),
          },
        ];
  for (const metric of device.others) {
    const phases = metric === 'voltage' && device.family === 'lighting' ? ['L1', 'L2', 'L3'] : [null];
    const value = {
      relay_state: 'on',
      voltage: 224.3,
      active_energy_import: 10_234.2,
      vehicle_speed_mean: 31.2,
      air_temperature: 27.4,
      co2: 431,
      battery_voltage: 3.61,
    }[metric];
    for (const channel of phases)
      latest.push({
        metric,
        channel,
        value,
        unit: metrics[metric].unit,
        at,
        quality: [],
        ...countedBy(metric, value),
      });
  }
  return {
    id: device.id,
    key: device.key,
    name: device.name,
    family: device.family,
    profile: device.profile,
    area: device.area,
    areaName: device.areaName,
    zones: device.zones,
    position: { lat: device.lat, lon: device.lon },
    state: device.state,
    lastSeen: iso(device.lastSeen),
    periodSeconds: device.periodMs / 1000,
    parent: device.family === 'electricity' ? 'DCU-0001' : null,
    latest,
    attributes: [{ name: 'firmware', value: '13.4.0', since: iso(started), seenAt: iso(started) }],
    ...recordOf(device),
  };
}

/** What a counter adds with its last reading. */
function countedBy(metric, value) {
  const isCounter = /energy|volume|total/.test(metric);
  return {
    semantics: isCounter ? 'counter' : 'gauge',
    delta: isCounter && typeof value === 'number' ? 0.125 : null,
    counterEvent: null,
    counterReset: null,
  };
}

/** What the registry answers; the rest is the fleet's. */
function registry(request, url, response) {
  const parts = url.pathname.split('/').slice(2).map(decodeURIComponent);
  const reply = (body) => {
    const told = registryAnswer(request.method, parts, url.searchParams, body, restDevice);
    if (told === null) return api(request, url, response);
    if (told[1] !== 204) return json(response, told[0], told[1]);
    response.writeHead(204);
    return response.end();
  };
  if (request.method === 'GET' || !['devices', 'credentials'].includes(parts[0])) return reply('');
  let body = '';
  request.on('data', (chunk) => (body += chunk));
  request.on('end', () => reply(body));
  return undefined;
}

function history(device, url) {
  const metric = url.searchParams.get('metric');
  const to = Math.min(Date.parse(url.searchParams.get('to')), Date.now());
  const from = Date.parse(url.searchParams.get('from'));
  const step = { '1m': 60e3, '15m': 900e3, '1h': 3600e3 }[url.searchParams.get('every')] ?? 10e3;
  const latest = restDevice(device).latest.filter((reading) => reading.metric === metric);
  const items = [];
  for (let at = Math.ceil(from / step) * step; at < to; at += step) {
    const share = (at % 86_400e3) / 86_400e3;
    if (share > 0.05 && Math.floor(at / step) % 97 < 4) continue; // gaps
    for (const [index, { channel, value }] of latest.entries()) {
      const wave = Math.sin(share * 2 * Math.PI * 3 + index) * 0.25 + Math.sin(at / 311e3 + index * 2) * 0.06;
      items.push({
        at: iso(at),
        channel,
        value: typeof value === 'number' ? value * (1 + wave * (metric === 'voltage' ? 0.05 : 1)) : value,
        quality: [],
        consumption: /energy|volume|total/.test(metric) && step > 10e3 ? (step / 3600e3) * (1 + wave) : null,
      });
    }
  }
  return {
    device: device.id,
    metric,
    unit: metrics[metric]?.unit ?? null,
    items: items.slice(0, 10_000),
    next: null,
  };
}

function bodyOf(request, then) {
  let body = '';
  request.on('data', (chunk) => (body += chunk));
  request.on('end', () => then(JSON.parse(body)));
}

function api(request, url, response) {
  const parts = url.pathname.split('/').slice(2).map(decodeURIComponent);
  const q = url.searchParams;
  if (parts[0] === 'devices' && parts.length === 1) {
    const words = fold(q.get('q') ?? '')
      .split(/\s+/)
      .filter(Boolean);
    const found = devices.filter(
      (device) =>
        (!q.get('zone') || device.zones.includes(q.get('zone'))) &&
        (!q.get('family') || device.family === q.get('family')) &&
        (!q.get('state') || device.state === q.get('state')) &&
        words.every((word) => fold(`${device.id} ${device.name}`).includes(word)),
    );
    const from = Number(q.get('cursor') ?? 0);
    const limit = Number(q.get('limit') ?? 100);
    return json(response, {
      items: found.slice(from, from + limit).map(restDevice),
      next: from + limit < found.length ? String(from + limit) : null,
    });
  }
  if (parts[0] === 'devices') {
    const device = devices.find(({ id }) => id === parts[1]);
    if (device === undefined) return json(response, { title: 'Not Found', status: 404 }, 404);
    if (parts[2] === undefined) return json(response, restDevice(device));
    if (parts[2] === 'readings') return json(response, history(device, url));
    const items = Array.from({ length: 12 }, (_, i) => {
      const binary = device.family === 'water-level' && i % 2 === 0;
      return {
        offset: received - i * 37,
        receivedAt: iso(Date.now() - i * 5000),
        topic: `tele/${device.key}/SENSOR`,
        payload: binary
          ? '0bf40a3c000109c40100'
          : JSON.stringify({
              Time: iso(Date.now() - i * 5000),
              ENERGY: { Power: Math.round(device.value ?? 0), Voltage: 224 },
            }),
        encoding: binary ? 'hex' : 'text',
        bytes: 86,
        outcome: i === 3 ? 'quarantined' : 'stored',
        reason: i === 3 ? 'malformed' : null,
      };
    });
    return json(response, { items, next: null });
  }
  if (parts[0] === 'profiles' && parts[1] === 'decode')
    return bodyOf(request, (message) => json(response, decode(message)));
  if (parts[0] === 'profiles')
    return json(response, parts[1] === undefined ? { items: profiles, next: null } : edition);
  if (parts[0] === 'alarms' && parts[2] === 'acknowledge') {
    return bodyOf(request, ({ version, comment }) => {
      const alarm = alarms.get(Number(parts[1]));
      if (alarm === undefined) return json(response, { title: 'Not Found', status: 404 }, 404);
      if (alarm.version !== version)
        return json(response, { title: 'Conflict', status: 409, current: alarm }, 409);
      const state = alarm.state === 'returnedUnacknowledged' ? 'normal' : 'activeAcknowledged';
      const after = change(alarm, {
        state,
        acknowledgedAt: iso(Date.now()),
        acknowledgedBy: 'truc-ban-1',
        comment,
      });
      announce(after);
      return json(response, after);
    });
  }
  if (parts[0] === 'alarms')
    return json(response, {
      items: [...alarms.values()].filter(({ state }) => state !== 'normal'),
      next: null,
    });
  if (request.method === 'POST' && parts[0] === 'replay')
    return bodyOf(request, (body) => json(response, answer('POST', url, body), 202));
  const replayed = answer(request.method, url, null);
  if (replayed !== null) return json(response, replayed);
  if (parts[0] === 'quarantine') {
    const reasons = ['profileUnknown', 'malformed', 'truncated'];
    const items = Array.from({ length: 50 }, (_, i) => ({
      offset: 400_000 - i * 91,
      receivedAt: iso(Date.now() - i * 61_000),
      device: i % 3 === 0 ? 'WL-0003' : null,
      topic: `v3/water@gialai/devices/x${i}/up`,
      reason: reasons[i % 3],
      detail: i % 3 === 1 ? 'Ký tự không mong đợi ở byte 41' : null,
    })).filter(({ reason }) => !q.get('reason') || reason === q.get('reason'));
    return json(response, { items, next: q.get('cursor') ? null : 'more' });
  }
  if (parts[0] === 'ingest' && parts[1] === 'refusals') {
    const wanted = q.get('device');
    const items = [
      [
        'meter-77',
        'gate-7',
        '203.0.113.9',
        'publishNotAuthorized',
        { publishNotAuthorized: 3, notAuthorized: 1 },
      ],
      ['WL-0003', null, '203.0.113.10', 'notAuthorized', { notAuthorized: 2 }],
      [null, null, '198.51.100.4', 'packetTooLarge', { packetTooLarge: 2 }],
    ].map(([clientId, userName, address, reason, counts], i) => ({
      clientId,
      userName,
      address,
      reason,
      at: iso(Date.now() - i * 41_000),
      counts,
    }));
    return json(response, {
      items: items.filter(({ clientId }) => wanted === null || clientId === wanted),
      next: null,
    });
  }
  if (parts[0] === 'ingest') {
    const unbalanced = q.has('broken') ? 3 : 0;
    const quarantined = { profileUnknown: 211, malformed: 37, truncated: 4 };
    const inFlight = Math.floor(random() * 20);
    const stored = received - 1203 - 252 - 88 - inFlight;
    return json(response, {
      received,
      stored,
      ignored: 1203,
      quarantined,
      duplicate: 88,
      inFlight,
      refused: { packetTooLarge: 2, notAuthorized: 3, publishNotAuthorized: 3 },
      difference: unbalanced,
    });
  }
  return json(response, { title: 'Not Found', status: 404 }, 404);
}

const clients = new Set();
const inScope = (client, item) => client.zone === null || item.zones.includes(client.zone);

function send(client, target, body) {
  if (frozen) return;
  client.socket.send(
    JSON.stringify({
      type: 1,
      target,
      arguments: [{ seq: ++client.seq, serverTime: Date.now(), ...body }],
    }) + separator,
  );
}

function wire({ h, state, lastSeen, value, at, quality, priority }) {
  return { h, state, lastSeen, value, at, quality, priority };
}

function announce(alarm) {
  if (alarm === null) return alarm;
  const device = devices.find(({ id }) => id === alarm.device);
  for (const client of clients) {
    if (!client.joined || !inScope(client, alarm)) continue;
    send(client, 'alarm', { alarm });
    send(client, 'changes', { devices: [wire(device)] });
  }
  return alarm;
}

new WebSocketServer({ server, path: '/hubs/live' }).on('connection', (socket) => {
  const client = { socket, seq: 0, zone: null, joined: false };
  clients.add(client);
  socket.on('close', () => clients.delete(client));
  socket.on('message', (data) => {
    if (frozen) return;
    for (const record of String(data).split(separator).filter(Boolean)) {
      const message = JSON.parse(record);
      if (message.protocol) socket.send('{}' + separator);
      else if (message.type === 6) socket.send(record + separator);
      else if (message.target === 'join') {
        client.zone = message.arguments[0].zone;
        client.joined = true;
        socket.send(
          JSON.stringify({ type: 3, invocationId: message.invocationId, result: null }) + separator,
        );
        send(client, 'snapshot', {
          build: `mock-${started}`,
          province: 'Gia Lai',
          zones,
          families,
          metrics,
          devices: devices
            .filter((device) => inScope(client, device))
            .map(({ typical: _typical, swing: _swing, others: _others, ...device }) => device),
          alarms: [...alarms.values()].filter((alarm) => alarm.state !== 'normal' && inScope(client, alarm)),
        });
      }
    }
  });
});

setInterval(() => {
  if (frozen) return;
  const moved = move();
  received += moved.length;
  for (const client of clients) {
    const seen = moved.filter((device) => inScope(client, device));
    if (client.joined && seen.length > 0) send(client, 'changes', { devices: seen.map(wire) });
  }
}, 250);
setInterval(() => clients.forEach((client) => client.joined && send(client, 'beat', {})), 2000);
setInterval(() => {
  if (!frozen && alarms.size < 400) announce(raise());
}, 25_000);

server.listen(port, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`));
