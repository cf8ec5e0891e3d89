// Publishes numbered readings at QoS 1 or 2 through mqtt.js, a client we did not write, as a field device would: what is not
// acknowledged is sent again after a reconnect, with DUP set by the client; what is refused is published anew. Every message has its own device time, so that a
// message stored twice would be seen, and one acknowledged but lost as well.
//   node publish.mjs --port P --count N --devices D [--version 4|5] [--qos 1|2]
// Prints "acknowledged K" about every 500, and at the end "published N acknowledged N resent R refused F held back H".
import mqtt from 'mqtt';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: { port: { type: 'string' }, count: { type: 'string' }, devices: { type: 'string' }, version: { type: 'string', default: '4' }, qos: { type: 'string', default: '1' } },
});
const count = Number(values.count);
const devices = Number(values.devices);
const qos = Number(values.qos);
// With 5.0 the server says how many it takes unacknowledged (100 by default); this client does not count them by itself.
const window = values.version === '5' ? 100 : 200;

const client = mqtt.connect({
  host: '127.0.0.1',
  port: Number(values.port),
  clientId: 'foreign-publisher',
  clean: false,
  protocolVersion: Number(values.version),
  reconnectPeriod: 100,
  connectTimeout: 5000,
  properties: values.version === '5' ? { sessionExpiryInterval: 3600 } : undefined,
});
client.on('error', () => {});

let resent = 0;
let refused = 0;
let heldBack = 0;
client.on('packetsend', (packet) => {
  if (packet.cmd === 'publish' && packet.dup) resent++;
});

// A plain local time without a zone, one second apart per round of devices, as this firmware writes it.
const start = Date.UTC(2026, 10, 1);
const timeOf = (sequence) => new Date(start + Math.floor(sequence / devices) * 1000).toISOString().slice(0, 19);

let next = 0;
let acknowledged = 0;
const finish = () => {
  acknowledged++;
  if (acknowledged % 500 === 0) console.log(`acknowledged ${acknowledged}`);
  if (acknowledged === count) {
    console.log(`published ${count} acknowledged ${acknowledged} resent ${resent} refused ${refused} held back ${heldBack}`);
    client.end(true, () => process.exit(0));
  } else if (next < count) publish(next++);
};
const publish = (sequence) => {
  const payload = JSON.stringify({ Time: timeOf(sequence), ENERGY: { Power: sequence } });
  client.publish(`tele/crash-${sequence % devices}/SENSOR`, payload, { qos }, (error) => {
    // PUBCOMP "packet identifier not found" after a reconnect: the server released it, and its PUBCOMP was lost.
    if (!error || (qos === 2 && error.code === 0x92)) return finish();
    // While mqtt.js sends the unacknowledged ones again it holds new ones back, and gives up on those when the connection breaks
    // once more. They were never sent, nor are they kept: it is for us to publish them, once it has done with its list of them.
    if (error.message === 'Connection closed') {
      heldBack++;
      return setImmediate(() => publish(sequence));
    }
    if (!(error.code >= 0x80)) return console.log(`failed ${sequence} ${error.message}`);
    // Refused, so the server does not have it: another message with the same content, a little later.
    refused++;
    setTimeout(() => publish(sequence), 200);
  });
};
client.once('connect', () => {
  while (next < Math.min(window, count)) publish(next++);
});
