/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "board.h"
#include "stream.h"
#include "tls.h"

/* A node's connection by TLS. There is none without: what the bench says of it does not matter. */

static struct tls                  tls;
static const struct stream_events *owner;

static void
take (void *user, struct mf_bytes piece)
{
  (void)user;
  owner->received (piece);
}

static void
lose (void *user)
{
  (void)user;
  owner->closed ();
}

static const struct wire_events events = { take, lose };

void
stream_init (const struct stream_network *network, const struct stream_events *stream)
{
  owner = stream;
  wire_network_start (network->mac);
  tls_init (&tls, &events, NULL);
}

bool
stream_open (const struct mf_connect *how)
{
  return tls_open (&tls, how->host, how->port, how->tls_name, how->ca);
}

size_t
stream_room (void)
{
  return tls_room (&tls);
}

void
stream_write (const uint8_t *bytes, size_t size)
{
  tls_write (&tls, bytes, size);
}

void
stream_close (void)
{
  tls_close (&tls);
}

void
stream_step (void)
{
  wire_network_step ();
  tls_step (&tls);
}
