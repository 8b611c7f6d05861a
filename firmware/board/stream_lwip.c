/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "board.h"
#include "stream.h"
#include "wire.h"

/* A node's connection by lwIP as it is. It does no TLS: a node that is told to use it stays away
 * from the network. */

static struct wire                 wire;
static const struct stream_events *owner;
static bool                        wants_tls;

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
  wants_tls = network->tls;
  wire_network_start (network->mac);
  wire_init (&wire, &events, NULL);
}

bool
stream_open (const struct mf_connect *how)
{
  return !wants_tls && wire_open (&wire, how->host, how->port);
}

size_t
stream_room (void)
{
  return wire_room (&wire);
}

void
stream_write (const uint8_t *bytes, size_t size)
{
  wire_write (&wire, bytes, size);
}

void
stream_close (void)
{
  wire_close (&wire);
}

void
stream_step (void)
{
  wire_network_step ();
  wire_step (&wire);
}
