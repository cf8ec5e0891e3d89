// Publishes numbered readings at QoS 1 through mqtt.js over a WebSocket, subscribed to its own topic, and counts what comes back.
//   node websocket.mjs --url ws://…/mqtt --count N [--version 4|5]
// Prints "connected", then "published N received N"; with --count 0 it waits until the server closes and prints "closed REASON".
import mqtt from 'mqtt';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: { url: { type: 'string' }, count: { type: 'string' }, version: { type: 'string', default: '4' } },
});
const count = Number(values.count);
const client = mqtt.connect(values.url, { clientId: 'foreign-page', protocolVersion: Number(values.version), reconnectPeriod: 0, connectTimeout: 5000 });

let reason = 'without a reason';
client.on('error', (error) => console.log(`error ${error.message}`));
client.on('disconnect', (packet) => (reason = packet.reasonCode));
client.on('close', () => {
  console.log(`closed ${reason}`);
  process.exit(count === 0 ? 0 : 1);
});

let published = 0;
let received = 0;
const finish = () => {
  if (published < count || received < count) return;
  console.log(`published ${published} received ${received}`);
  client.removeAllListeners('close');
  client.end(false, {}, () => process.exit(0));
};
client.once('connect', async () => {
  console.log('connected');
  if (count === 0) return;
  await client.subscribeAsync('tele/+/SENSOR', { qos: 1 });
  client.on('message', () => {
    received++;
    finish();
  });
  let next = 0;
  const publishNext = () => {
    if (next === count) return;
    const sequence = next++;
    const time = new Date(Date.UTC(2026, 10, 20) + sequence * 1000).toISOString().slice(0, 19);
    client.publish('tele/page/SENSOR', JSON.stringify({ Time: time, ENERGY: { Power: sequence } }), { qos: 1 }, (error) => {
      if (error) return console.log(`failed ${error.message}`);
      published++;
      publishNext();
      finish();
    });
  };
  // This client does not keep to the server's Receive Maximum (100) by itself.
  for (let i = 0; i < 50; i++) publishNext();
});
