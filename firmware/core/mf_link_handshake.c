/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "mf_hmac.h"
#include "mf_link_private.h"
#include "mf_octets.h"
#include "mf_text.h"

/* HELLO: kind, version, nonce. CHALLENGE: kind, version, nonce, largest payload, serial with its
 * length, tag. START: kind, tag. PROVISION: kind, serial with its length, key. */
#define HELLO_SIZE (2u + MF_LINK_NONCE)
#define CHALLENGE_HEAD (2u + MF_LINK_NONCE + 2u + 1u)
#define START_SIZE (1u + MF_LINK_TAG)
#define CRC 4u

/* HMAC of the handshake: what it is for, then both nonces, the gateway's first. */
static void
prove (const uint8_t   key[MF_LINK_KEY],
       const char     *what,
       const uint8_t  *gateway,
       const uint8_t  *unit,
       struct mf_bytes more,
       uint8_t         out[32])
{
  const struct mf_bytes secret = { key, MF_LINK_KEY };
  struct mf_bytes       parts[4];

  parts[0] = mf_text_bytes (what);
  parts[1].data = gateway;
  parts[2].data = unit;
  parts[1].size = parts[2].size = MF_LINK_NONCE;
  parts[3] = more;
  mf_hmac_sha256 (out, secret, parts, 4);
}

/* A nonce that never comes again with this key, whatever the board's random bytes are worth: the
 * count of starts and of handshakes since are in it. */
static void
draw_nonce (struct mf_link *self, const uint8_t key[MF_LINK_KEY], uint8_t mac[32])
{
  const struct mf_bytes secret = { key, MF_LINK_KEY };
  uint8_t               counts[8];
  struct mf_bytes       parts[3];

  mf_put32 (counts, self->boots);
  mf_put32 (counts + 4, self->handshakes++);
  self->ops->random (self->user, self->mine, sizeof self->mine);
  parts[0] = mf_text_bytes ("muster link nonce");
  parts[1].data = counts;
  parts[1].size = sizeof counts;
  parts[2].data = self->mine;
  parts[2].size = sizeof self->mine;
  mf_hmac_sha256 (mac, secret, parts, 3);
  memcpy (self->mine, mac, sizeof self->mine);
}

static bool
hello (struct mf_link *self, uint32_t now_ms, const uint8_t *frame, size_t size)
{
  uint8_t        *answer = self->rx; /* the frame makes room for it: a unit is short of memory */
  uint8_t         key[MF_LINK_KEY];
  struct mf_bytes head = { answer, CHALLENGE_HEAD + self->serial_size };
  struct mf_bytes serial = { self->serial, self->serial_size };
  bool            has_key;

  if (size < HELLO_SIZE || frame[1] != MF_LINK_VERSION)
    return false;
  has_key = self->ops->key (self->user, serial, key);
  if (!has_key)
    memset (key, 0, sizeof key);
  memcpy (self->theirs, frame + 2, MF_LINK_NONCE);
  draw_nonce (self, key, answer);
  self->shaking = has_key;
  answer[0] = (uint8_t)((unsigned)MF_LINK_CHALLENGE | (unsigned)MF_LINK_UNIT);
  answer[1] = MF_LINK_VERSION;
  memcpy (answer + 2, self->mine, MF_LINK_NONCE);
  mf_put16 (answer + 2 + MF_LINK_NONCE, (uint16_t)(self->rx_size - MF_LINK_OVERHEAD));
  answer[CHALLENGE_HEAD - 1] = self->serial_size;
  memcpy (answer + CHALLENGE_HEAD, self->serial, self->serial_size);
  prove (key, "muster link unit", self->theirs, self->mine, head, answer + head.size);
  mf_link_put (self, now_ms, answer, head.size + MF_LINK_TAG);
  mf_forget (key, sizeof key);
  return true;
}

static void
session_key (struct mf_link *self, const uint8_t key[MF_LINK_KEY], bool is_unit)
{
  static const struct mf_bytes nothing = { NULL, 0 };

  prove (key, "muster link session", is_unit ? self->theirs : self->mine,
         is_unit ? self->mine : self->theirs, nothing, self->session);
}

static bool
start (struct mf_link *self, uint32_t now_ms, const uint8_t *frame, size_t size)
{
  static const struct mf_bytes nothing = { NULL, 0 };
  struct mf_bytes              serial = { self->serial, self->serial_size };
  uint8_t                      key[MF_LINK_KEY], mac[32];

  if (size != START_SIZE || !self->shaking || !self->ops->key (self->user, serial, key))
    return false;
  prove (key, "muster link gateway", self->theirs, self->mine, nothing, mac);
  if (!mf_bytes_same_secret (mac, frame + 1, MF_LINK_TAG))
    {
      mf_forget (key, sizeof key);
      self->bad_tags++;
      return true;
    }
  mf_link_begin (self, now_ms, MF_LINK_UP);
  session_key (self, key, true);
  mf_forget (key, sizeof key);
  return true;
}

static bool
provision (struct mf_link *self, const uint8_t *frame, size_t size)
{
  struct mf_bytes serial;

  if (self->serial_size > 0 || self->ops->provision == NULL || size < 2)
    return false;
  serial.data = frame + 2;
  serial.size = frame[1];
  if (serial.size == 0 || serial.size > MF_LINK_SERIAL_MAX ||
      size != 2 + serial.size + MF_LINK_KEY || !mf_text_is_utf8 (serial) ||
      !self->ops->provision (self->user, serial, frame + 2 + serial.size))
    return false;
  mf_link_identify (self, serial, self->boots);
  return true;
}

/* The unit answered: the gateway knows it by its serial, checks its proof, and gives its own. */
static bool
challenge (struct mf_link *self, uint32_t now_ms, const uint8_t *frame, size_t size)
{
  static const struct mf_bytes nothing = { NULL, 0 };
  struct mf_bytes              serial, head;
  uint8_t                      key[MF_LINK_KEY], mac[32], answer[START_SIZE + CRC];
  uint32_t                     limit;

  if (!self->shaking || size < CHALLENGE_HEAD + MF_LINK_TAG || frame[1] != MF_LINK_VERSION)
    return false;
  serial.data = frame + CHALLENGE_HEAD;
  serial.size = frame[CHALLENGE_HEAD - 1];
  head.data = frame;
  head.size = CHALLENGE_HEAD + serial.size;
  limit = mf_get16 (frame + 2 + MF_LINK_NONCE);
  if (serial.size > MF_LINK_SERIAL_MAX || size != head.size + MF_LINK_TAG ||
      limit < MF_LINK_PAYLOAD_LEAST)
    return false; /* requests are written without asking for room that every unit has */
  mf_link_identify (self, serial, 0);
  if (!self->ops->key (self->user, serial, key))
    return true; /* not ours, or not provisioned; who asks sees its serial */
  memcpy (self->theirs, frame + 2, MF_LINK_NONCE);
  prove (key, "muster link unit", self->mine, self->theirs, head, mac);
  if (!mf_bytes_same_secret (mac, frame + head.size, MF_LINK_TAG))
    {
      self->bad_tags++;
      mf_forget (key, sizeof key);
      return true;
    }
  limit += MF_LINK_OVERHEAD;
  self->tx_limit = limit < self->tx_size ? (uint16_t)limit : self->tx_size;
  mf_link_begin (self, now_ms, MF_LINK_OFFERED);
  session_key (self, key, false);
  prove (key, "muster link gateway", self->mine, self->theirs, nothing, mac);
  mf_forget (key, sizeof key);
  answer[0] = MF_LINK_START;
  memcpy (answer + 1, mac, MF_LINK_TAG);
  mf_link_put (self, now_ms, answer, START_SIZE);
  return true;
}

bool
mf_link_handshake (struct mf_link *self, uint32_t now_ms, const uint8_t *frame, size_t size)
{
  enum mf_link_kind kind = (enum mf_link_kind) (frame[0] & 0x7Fu);
  bool              shook = self->shaking, good;

  if (self->role == MF_LINK_GATEWAY)
    return kind == MF_LINK_CHALLENGE && challenge (self, now_ms, frame, size);
  good = (kind == MF_LINK_HELLO && hello (self, now_ms, frame, size)) ||
         (kind == MF_LINK_START && start (self, now_ms, frame, size)) ||
         (kind == MF_LINK_PROVISION && provision (self, frame, size));
  if (kind == MF_LINK_START && shook && !self->shaking)
    mf_link_greet (self, now_ms); /* not from within start(): a unit is short of stack */
  return good;
}

void
mf_link_hello (struct mf_link *self, uint32_t now_ms)
{
  uint8_t frame[HELLO_SIZE + CRC];

  self->ops->random (self->user, self->mine, sizeof self->mine);
  self->shaking = true;
  self->state = MF_LINK_DOWN;
  frame[0] = MF_LINK_HELLO;
  frame[1] = MF_LINK_VERSION;
  memcpy (frame + 2, self->mine, MF_LINK_NONCE);
  mf_link_put (self, now_ms, frame, HELLO_SIZE);
}
