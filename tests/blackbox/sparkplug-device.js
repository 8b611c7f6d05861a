// SPDX-License-Identifier: GPL-3.0-or-later
// An edge node by the npm library sparkplug-client, driven by JSON lines: orders come on stdin, what happens goes to stdout.
// node sparkplug-device.js FOLDER-OF-NODE_MODULES
'use strict';
const path = require('path');
const readline = require('readline');
const need = require('module').createRequire(path.join(path.resolve(process.argv[2]), 'index.js'));
const Long = need('long');
const { newClient } = need('sparkplug-client');

let client = null;
let metrics = [];
let echo = true;

const say = (event, more) => process.stdout.write(JSON.stringify({ event, ...more },
  (_, value) => Long.isLong(value) ? value.toString() : typeof value === 'bigint' ? value.toString() : value) + '\n');

// Integers beyond a double's 53 bits come as text.
const fromJson = (metric) => {
  const type = metric.type.toUpperCase();
  const value = (type === 'INT64' || type === 'UINT64') && typeof metric.value === 'string'
    ? Long.fromString(metric.value, type === 'UINT64') : metric.value;
  return { timestamp: Date.now(), ...metric, value };
};

const orders = {
  connect(order) {
    client = newClient({
      serverUrl: order.url, username: order.username, password: order.password, groupId: order.group, edgeNode: order.node,
      clientId: order.client, version: 'spBv1.0', publishDeath: true, keepalive: 5,
      mqttOptions: { ca: order.ca, servername: order.name, rejectUnauthorized: true, reconnectPeriod: 300 },
    });
    for (const event of ['connect', 'close', 'reconnect', 'offline']) client.on(event, () => say(event));
    client.on('error', (error) => say('error', { message: String(error.message), code: error.code }));
    client.on('birth', () => { if (metrics.length > 0) orders.birth({}); });
    client.on('ncmd', (payload) => {
      say('command', { metrics: payload.metrics });
      if (payload.metrics.some((m) => m.name === 'Node Control/Rebirth' && m.value)) orders.birth({});
      const written = payload.metrics.map((m) => ({ ...metrics.find((k) => k.name === m.name), value: m.value, timestamp: Date.now() })).filter((m) => m.name);
      metrics = metrics.map((k) => written.find((m) => m.name === k.name) || k);
      if (echo && written.length > 0) client.publishNodeData({ timestamp: Date.now(), metrics: written });
    });
  },
  birth(order) {
    metrics = (order.metrics ? order.metrics.map(fromJson) : metrics).map((m) => ({ ...m, timestamp: Date.now() }));
    say('birth');
    client.publishNodeBirth({ timestamp: Date.now(), metrics: [...metrics, { name: 'Node Control/Rebirth', type: 'Boolean', value: false, timestamp: Date.now() }] });
  },
  data(order) { client.publishNodeData({ timestamp: Date.now(), metrics: order.metrics.map(fromJson) }, order.options); },
  echo(order) { echo = order.on; },
  stop() { client.stop(); },
  die() { process.kill(process.pid, 'SIGKILL'); },
};

readline.createInterface({ input: process.stdin }).on('line', (line) => {
  const order = JSON.parse(line);
  orders[order.do](order);
}).on('close', () => process.exit(0));
