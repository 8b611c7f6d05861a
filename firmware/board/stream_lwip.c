/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "board.h"
#include "stream.h"
#include "wire.h"

/* A node's connections by lwIP as it is. It does no TLS: a node that is told to use it stays away
 * from the network. */

const bool stream_is_tls = false;

static struct wire wires[N_STREAMS];
static bool        wants_tls;

void
stream_init (const struct stream_network *network)
{
  wants_tls = network->tls;
  wire_network_start (network->mac);
}

void
stream_listen (enum stream which, const struct stream_events *events, void *user)
{
  wire_init (&wires[which], events, user);
}

bool
stream_open (enum stream which, const struct mf_connect *how)
{
  return !wants_tls && wire_open (&wires[which], how->host, how->port);
}

size_t
stream_room (enum stream which)
{
  return wire_room (&wires[which]);
}

void
stream_write (enum stream which, const uint8_t *bytes, size_t size)
{
  wire_write (&wires[which], bytes, size);
}

void
stream_close (enum stream which)
{
  wire_close (&wires[which]);
}

void
stream_step (void)
{
  unsigned which;

  wire_network_step ();
  for (which = 0; which < N_STREAMS; which++)
    wire_step (&wires[which]);
}
