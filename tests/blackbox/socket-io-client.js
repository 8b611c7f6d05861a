// SPDX-License-Identifier: GPL-3.0-or-later
// A client of Socket.IO that is driven over the standard input: node socket-io-client.js NPM-FOLDER
"use strict";
const { createRequire } = require("node:module");
const readline = require("node:readline");
const { io } = createRequire(process.argv[2] + "/")("socket.io-client");
const sockets = {};

function say(event, more) {
  process.stdout.write(JSON.stringify({ event, ...more }) + "\n");
}

function open({ name, url, auth, transports, namespace, headers }) {
  const socket = io(url + (namespace || ""), {
    auth, transports, extraHeaders: headers, forceNew: true, reconnection: false, timeout: 8000, rejectUnauthorized: false,
  });
  sockets[name] = socket;
  socket.on("connect", () => say("connect", { name, sid: socket.id }));
  socket.on("connect_error", (error) => say("connect_error", { name, message: error.message, data: error.data }));
  socket.on("disconnect", (reason) => say("disconnect", { name, reason }));
  socket.onAny((topic, data) => say("told", { name, topic, data }));
}

const orders = {
  open,
  emit({ name, topic, data, binary, timeout }) {
    const argument = binary ? { bytes: Buffer.from("some bytes"), ...data } : data;
    sockets[name].timeout(timeout || 5000).emit(topic, argument, (error, answer) => say("acknowledged", { name, topic, error: error && error.message, answer }));
  },
  transport({ name }) {
    say("transport", { name, transport: sockets[name].io.engine.transport.name });
  },
  close({ name }) {
    sockets[name].disconnect();
  },
};

readline.createInterface({ input: process.stdin }).on("line", (line) => {
  const order = JSON.parse(line);
  orders[order.do](order);
}).on("close", () => process.exit(0));
say("ready");
