/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "mf_hmac.h"
#include "mf_link_private.h"

/* Frames of the serial link, at both ends of it: the input as it comes on the line, as the inside
 * of a whole frame, and, within a session, as the inside of an authentic one. Nothing above the
 * link is here: that is fuzz-link's. */

#define ROOM (MF_LINK_OVERHEAD + MF_LINK_PAYLOAD_LEAST)
#define NOW_MS 1000u

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

struct end
{
  struct mf_link link;
  uint8_t        rx[ROOM], tx[ROOM];
  struct end    *hears; /* who gets what this end sends; NULL: nobody */
};

static void
send_bytes (void *user, const uint8_t *bytes, size_t size)
{
  struct end *self = user;

  if (self->hears != NULL)
    mf_link_bytes (&self->hears->link, NOW_MS, bytes, size);
}

static void
draw (void *user, void *out, size_t size)
{
  memset (out, 7, size);
}

static bool
give_key (void *user, struct mf_bytes serial, uint8_t key[MF_LINK_KEY])
{
  memset (key, 1, MF_LINK_KEY);
  return serial.size < 4;
}

static bool
receive (void *user, struct mf_bytes payload)
{
  if (payload.size > MF_LINK_PAYLOAD_LEAST)
    abort ();
  return payload.size == 0 || payload.data[0] != 0;
}

static void
be_told (void *user)
{
}

static void
change (void *user, bool up)
{
}

static bool
provision (void *user, struct mf_bytes serial, const uint8_t key[MF_LINK_KEY])
{
  if (serial.size > MF_LINK_SERIAL_MAX)
    abort ();
  return true;
}

static const struct mf_link_ops ops = {
  send_bytes, draw, give_key, receive, be_told, change, provision,
};

static void
start (struct end *self, enum mf_link_role role)
{
  static const struct mf_bytes serial = { (const uint8_t *)"S-1", 3 };

  memset (self, 0, sizeof *self);
  mf_link_init (&self->link, role, &ops, self, self->rx, sizeof self->rx, self->tx,
                sizeof self->tx);
  mf_link_identify (&self->link, serial, 1);
}

/* The other end says it; in a session with the tag of that. */
static void
say (struct end *from, const uint8_t *data, size_t size, bool authentic)
{
  const struct mf_bytes key = { from->link.session, MF_LINK_KEY };
  struct mf_bytes       part;
  uint8_t               frame[ROOM + MF_SHA256_SIZE];

  if (size > ROOM - MF_LINK_TAG - 4)
    size = ROOM - MF_LINK_TAG - 4;
  memcpy (frame, data, size);
  part.data = frame;
  part.size = size;
  if (authentic)
    {
      mf_hmac_sha256 (frame + size, key, &part, 1);
      size += MF_LINK_TAG;
    }
  mf_link_put (&from->link, NOW_MS, frame, size);
}

/* As it comes on the line, and with what ends a frame. */
static void
put_on_line (struct end *end, const uint8_t *data, size_t size)
{
  static const uint8_t delimiter = 0;

  mf_link_bytes (&end->link, NOW_MS, data, size);
  mf_link_bytes (&end->link, NOW_MS, &delimiter, 1);
}

static void
enter_session (struct end *end)
{
  end->link.state = MF_LINK_UP;
  end->link.send_seq = end->link.receive_seq = 1;
}

/* The first byte says which end hears it, and how. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  struct end end, other;
  bool       is_unit;

  if (size == 0)
    return 0;
  is_unit = (data[0] & 1) != 0;
  start (&end, is_unit ? MF_LINK_UNIT : MF_LINK_GATEWAY);
  start (&other, is_unit ? MF_LINK_GATEWAY : MF_LINK_UNIT);
  other.hears = &end;
  if (data[0] & 2)
    enter_session (&end);
  if (data[0] & 4)
    put_on_line (&end, data + 1, size - 1);
  else
    say (&other, data + 1, size - 1, (data[0] & 2) != 0);
  mf_link_step (&end.link, NOW_MS + MF_LINK_RETRY_MS);
  return 0;
}
