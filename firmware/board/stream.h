/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef STREAM_H
#define STREAM_H

#include "mf_port.h"

/*
 * The one connection that a node (node.c) has to its broker: by a modem (stream_modem.c), or by a
 * network interface of its own (stream_lwip.c).
 */

/* What the bench has said of the network: of a wireless one its name, "" when the modem joins by
 * itself; of Ethernet the board's address. */
struct stream_network
{
  const char *ssid;
  const char *password;
  bool        tls;
  uint8_t     mac[6];
};

struct stream_events
{
  void (*received) (struct mf_bytes piece);
  void (*closed) (void);
};

void stream_init (const struct stream_network *network, const struct stream_events *events);

/* As mf_mqtt_ops has them. */
bool   stream_open (const struct mf_connect *how);
size_t stream_room (void);
void   stream_write (const uint8_t *bytes, size_t size);
void   stream_close (void);

/* Takes what came and does what is due. */
void stream_step (void);

#endif
