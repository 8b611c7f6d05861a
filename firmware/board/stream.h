/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef STREAM_H
#define STREAM_H

#include "mf_port.h"

/*
 * The connections that a node (node.c) has: by a modem (stream_modem.c), which gives but the one to
 * the broker, or by a network interface of its own, plain (stream_lwip.c) or by TLS (stream_tls.c).
 */

enum stream
{
  STREAM_BROKER,
  STREAM_FILES, /* to the server that has updates */
  N_STREAMS,
};

/* What the bench has said of the network: of a wireless one its name, "" when the modem joins by
 * itself; of Ethernet the board's address. */
struct stream_network
{
  const char *ssid;
  const char *password;
  bool        tls;
  uint8_t     mac[6];
};

/* What comes of a connection. */
struct stream_events
{
  void (*received) (void *user, struct mf_bytes piece);
  void (*closed) (void *user); /* not by who opened it */
};

/* Whether streams are by TLS, where a node does not say so itself. */
extern const bool stream_is_tls;

void stream_init (const struct stream_network *network);
/* Once for each stream that is used, before it is. */
void stream_listen (enum stream which, const struct stream_events *events, void *user);

/* As mf_mqtt_ops and mf_http_ops have them. */
bool   stream_open (enum stream which, const struct mf_connect *how);
size_t stream_room (enum stream which);
void   stream_write (enum stream which, const uint8_t *bytes, size_t size);
void   stream_close (enum stream which);

/* Takes what came and does what is due. */
void stream_step (void);

#endif
