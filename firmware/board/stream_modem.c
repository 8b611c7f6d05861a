/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "board.h"
#include "mf_at.h"
#include "stream.h"

/* A modem gives one connection, which is the broker's: files cannot be fetched beside it. */

const bool stream_is_tls = true; /* the modem's, unless the bench wants none */

static struct mf_at                modem;
static const struct stream_events *owner;
static void                       *owner_user;
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
  owner->received (owner_user, piece);
}

static void
modem_closed (void *user)
{
  (void)user;
  owner->closed (owner_user);
}

static const struct mf_at_ops ops = { modem_send, modem_received, modem_closed };

void
stream_init (const struct stream_network *network)
{
  struct mf_at_network join = { NULL, network->password, network->tls };

  if (network->ssid[0] != '\0')
    join.ssid = network->ssid;
  mf_at_init (&modem, &ops, NULL, &join, tx, sizeof tx);
}

void
stream_listen (enum stream which, const struct stream_events *events, void *user)
{
  if (which != STREAM_BROKER)
    return;
  owner = events;
  owner_user = user;
}

bool
stream_open (enum stream which, const struct mf_connect *how)
{
  return which == STREAM_BROKER && mf_at_open (&modem, how);
}

size_t
stream_room (enum stream which)
{
  return which == STREAM_BROKER ? mf_at_room (&modem) : 0;
}

void
stream_write (enum stream which, const uint8_t *bytes, size_t size)
{
  (void)which; /* there is room for one alone */
  mf_at_write (&modem, bytes, size);
}

void
stream_close (enum stream which)
{
  if (which == STREAM_BROKER)
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
