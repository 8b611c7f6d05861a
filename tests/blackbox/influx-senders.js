// SPDX-License-Identifier: GPL-3.0-or-later
// Writes by InfluxDB's own client libraries for its versions 1 and 2: influx-senders.js NPM URL TOKEN SERIAL MSEC
'use strict';

const path = require('path');
const [npm, url, token, serial, msec] = process.argv.slice(2);
const load = name => require(path.join(npm, 'node_modules', name));

async function writeVersion1() {
  const { InfluxDB } = load('influx');
  const { hostname, port } = new URL(url);
  const influx = new InfluxDB({ host: hostname, port: Number(port), protocol: 'https', database: 'telegraf', username: 'muster', password: token, options: { rejectUnauthorized: false } });
  await influx.createDatabase('telegraf');
  const pings = await influx.ping(5000);
  await influx.writePoints([
    { measurement: 'one', tags: { serial, 'a b': 'c,d=e' }, fields: { level: 1.5, text: 'say "hi" \\ there', on: true }, timestamp: new Date(Number(msec)) },
    { measurement: 'one', tags: { serial }, fields: { level: -2 }, timestamp: new Date(Number(msec) + 1000) },
  ], { precision: 'ms' });
  return { online: pings[0].online, version: pings[0].version };
}

async function writeVersion2() {
  const { InfluxDB, Point } = load('@influxdata/influxdb-client');
  const api = new InfluxDB({ url, token, transportOptions: { rejectUnauthorized: false } }).getWriteApi('site', 'telemetry', 'ms', { gzipThreshold: 10, maxRetries: 0 });
  for (let i = 0; i < 100; i++)
    api.writePoint(new Point('two').tag('serial', serial).floatField('level', i / 4).intField('count', i).uintField('total', i).booleanField('on', i % 2 === 0)
      .stringField('text', `line ${i}`).timestamp(Number(msec) + i * 1000));
  await api.close();
}

(async () => {
  const one = await writeVersion1();
  await writeVersion2();
  console.log(JSON.stringify(one));
})().catch(error => {
  console.error(error);
  process.exit(1);
});
