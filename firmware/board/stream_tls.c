/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "board.h"
#include "stream.h"
#include "tls.h"

/* A node's connections by TLS. There is none without: what the bench says of it does not matter. */

const bool stream_is_tls = true;

static struct tls sessions[N_STREAMS];

void
stream_init (const struct stream_network *network)
{
  wire_network_start (network->mac);
}

void
stream_listen (enum stream which, const struct stream_events *events, void *user)
{
  tls_init (&sessions[which], events, user);
}

bool
stream_open (enum stream which, const struct mf_connect *how)
{
  return tls_open (&sessions[which], how->host, how->port, how->tls_name, how->ca);
}

size_t
stream_room (enum stream which)
{
  return tls_room (&sessions[which]);
}

void
stream_write (enum stream which, const uint8_t *bytes, size_t size)
{
  tls_write (&sessions[which], bytes, size);
}

void
stream_close (enum stream which)
{
  tls_close (&sessions[which]);
}

void
stream_step (void)
{
  unsigned which;

  wire_network_step ();
  for (which = 0; which < N_STREAMS; which++)
    tls_step (&sessions[which]);
}
