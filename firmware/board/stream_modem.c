/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "board.h"
#include "mf_at.h"
#include "stream.h"

static struct mf_at                modem;
static const struct stream_events *owner;
static uint8_t                     tx[4096];

static void
modem_send (void *user, const uint8_t *bytes, size_t size)
{
  (void)user;
  board_modem_put (bytes, size);
}

static void
modem_received (void *user, struct mf_bytes piece)
{
  (void)user;
  owner->received (piece);
}

static void
modem_closed (void *user)
{
  (void)user;
  owner->closed ();
}

static const struct mf_at_ops ops = { modem_send, modem_received, modem_closed };

void
stream_init (const struct stream_network *network, const struct stream_events *events)
{
  struct mf_at_network join = { NULL, network->password, network->tls };

  owner = events;
  if (network->ssid[0] != '\0')
    join.ssid = network->ssid;
  mf_at_init (&modem, &ops, NULL, &join, tx, sizeof tx);
}

bool
stream_open (const struct mf_connect *how)
{
  return mf_at_open (&modem, how);
}

size_t
stream_room (void)
{
  return mf_at_room (&modem);
}

void
stream_write (const uint8_t *bytes, size_t size)
{
  mf_at_write (&modem, bytes, size);
}

void
stream_close (void)
{
  mf_at_close (&modem);
}

void
stream_step (void)
{
  int byte;

  while ((byte = board_modem_get ()) >= 0)
    {
      uint8_t one = (uint8_t)byte;

      mf_at_bytes (&modem, board_ms (), &one, 1);
    }
  mf_at_step (&modem, board_ms ());
}
