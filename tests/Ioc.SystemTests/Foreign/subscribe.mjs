// Subscribes through mqtt.js, a client we did not write, with a session that outlives the connection, and prints the number in
// each message: {"ENERGY":{"Power":number}}. It reconnects by itself and keeps its half of the QoS 2 exchanges meanwhile.
//   node subscribe.mjs --port P --filter F [--version 4|5] [--qos 1|2]
// Prints "subscribed", "present true|false" at every further connection, and each number on a line of its own.
import mqtt from 'mqtt';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: { port: { type: 'string' }, filter: { type: 'string' }, version: { type: 'string', default: '4' }, qos: { type: 'string', default: '1' } },
});
const client = mqtt.connect({
  host: '127.0.0.1',
  port: Number(values.port),
  clientId: 'foreign-subscriber',
  clean: false,
  resubscribe: false,
  protocolVersion: Number(values.version),
  reconnectPeriod: 100,
  connectTimeout: 5000,
  properties: values.version === '5' ? { sessionExpiryInterval: 3600, receiveMaximum: 50 } : undefined,
});
// A connection that is lost or refused is what the test is about; anything else is told.
client.on('error', (error) => {
  if (typeof error.code !== 'string') console.log(`error ${error.message}`);
});
client.on('message', (topic, payload) => console.log(JSON.parse(payload.toString()).ENERGY.Power));

let first = true;
client.on('connect', (connack) => {
  if (!first) return console.log(`present ${connack.sessionPresent}`);
  first = false;
  client.subscribe(values.filter, { qos: Number(values.qos) }, (error, granted) => console.log(error ? `failed ${error.message}` : granted[0].qos === Number(values.qos) ? 'subscribed' : `granted ${granted[0].qos}`));
});
