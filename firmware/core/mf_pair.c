/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "mf_pair.h"
#include "mf_proto.h"
#include "mf_text.h"

#define SESSION_ID 8u
#define WRONG_FREE 5u /* wrong secrets before the first pause */
#define PAUSE_MAX_S 300u
#define PROLOGUE "muster-pairing/1"

enum
{
  RESULT_OK = 1,
  RESULT_ERROR = 2,
  RESULT_FIRMWARE = 3,
};

static uint64_t
now_ms (const struct mf_pair *self)
{
  return self->port->ops->monotonic_ms (self->port->user);
}

void
mf_pair_init (struct mf_pair           *self,
              const struct mf_port     *port,
              const struct mf_pair_ops *ops,
              void                     *user,
              const uint8_t             secret[MF_SECRET_SIZE],
              const char               *serial,
              const char               *firmware)
{
  struct mf_bytes part = { secret, MF_SECRET_SIZE };

  memset (self, 0, sizeof *self);
  self->port = port;
  self->ops = ops;
  self->user = user;
  self->serial = serial;
  self->firmware = firmware;
  port->ops->blake2b (port->user, self->psk, sizeof self->psk, mf_text_bytes ("muster pairing 1"),
                      &part, 1);
}

void
mf_pair_end_session (struct mf_pair *self)
{
  self->has_session = false;
  self->answer_size = 0;
  self->port->ops->wipe (self->port->user, &self->receive, sizeof self->receive);
  self->port->ops->wipe (self->port->user, &self->send, sizeof self->send);
}

static void
wrong_secret (struct mf_pair *self)
{
  unsigned pause_s = 1;

  if (++self->wrong < WRONG_FREE)
    return;
  if (self->wrong > WRONG_FREE + 16)
    self->wrong = WRONG_FREE + 16; /* far beyond the longest pause */
  pause_s <<= self->wrong - WRONG_FREE;
  self->locked_until_ms = now_ms (self) + (pause_s < PAUSE_MAX_S ? pause_s : PAUSE_MAX_S) * 1000u;
}

static bool
handshake (struct mf_pair *self, const uint8_t *body, size_t size, uint8_t *answer)
{
  struct mf_bytes message = { body, size }, nothing = { NULL, 0 }, prologue;
  uint8_t         text[sizeof PROLOGUE + 64], payload[1];
  size_t          serial_size = strlen (self->serial);
  struct mf_noise noise;

  memcpy (text, PROLOGUE, sizeof PROLOGUE - 1);
  text[sizeof PROLOGUE - 1] = (uint8_t)serial_size;
  memcpy (text + sizeof PROLOGUE, self->serial, serial_size);
  prologue.data = text;
  prologue.size = sizeof PROLOGUE + serial_size;
  mf_noise_init (&noise, self->port, self->psk, prologue);
  return mf_noise_read (&noise, message, payload) &&
         mf_noise_write (&noise, nothing, answer, &self->receive, &self->send);
}

static int
answer_hello (struct mf_pair *self, const uint8_t *body, size_t size, struct mf_pair_reply *reply)
{
  struct mf_cipher receive = self->receive, send = self->send;
  uint64_t         now = now_ms (self);

  if (now < self->locked_until_ms)
    {
      reply->retry_after_s = (unsigned)((self->locked_until_ms - now + 999) / 1000);
      return 429;
    }
  if (size != MF_NOISE_OVERHEAD)
    return 400;
  if (!handshake (self, body, size, reply->body + SESSION_ID))
    {
      /* What does not prove the secret does not disturb a session that did. */
      self->receive = receive;
      self->send = send;
      wrong_secret (self);
      return self->ops->adoption_id (self->user)[0] != '\0' ? 409 : 403;
    }
  self->wrong = 0;
  self->has_session = true;
  self->answer_size = 0;
  self->session_until_ms = now + MF_PAIR_SESSION_MS;
  self->port->ops->random (self->port->user, self->session, SESSION_ID);
  memcpy (reply->body, self->session, SESSION_ID);
  reply->size = SESSION_ID + MF_NOISE_OVERHEAD;
  return 200;
}

/* Seals a Result as the answer, and remembers it for the case that it gets lost. */
static void
answer_result (struct mf_pair *self, const char *trouble)
{
  struct mf_writer writer;
  struct mf_bytes  plain;

  mf_writer_init (&writer, self->answer, sizeof self->answer - MF_NOISE_TAG);
  mf_write_bool (&writer, RESULT_OK, trouble == NULL);
  if (trouble != NULL)
    mf_write_text (&writer, RESULT_ERROR, trouble);
  mf_write_text (&writer, RESULT_FIRMWARE, self->firmware);
  plain.data = self->answer;
  plain.size = writer.used;
  mf_cipher_seal (self->port, &self->send, plain, self->answer);
  self->answer_size = plain.size + MF_NOISE_TAG;
}

static int
take_credentials (struct mf_pair *self, struct mf_bytes plain)
{
  const char           *adoption_id = self->ops->adoption_id (self->user), *trouble;
  struct mf_credentials credentials;
  int                   status = 200;

  trouble = mf_credentials_read (&credentials, plain);
  if (adoption_id[0] != '\0' &&
      (trouble != NULL || strcmp (adoption_id, credentials.adoption_id) != 0))
    {
      mf_pair_end_session (self);
      status = 409;
    }
  else
    answer_result (self,
                   trouble != NULL ? trouble : self->ops->keep (self->user, &credentials, plain));
  self->port->ops->wipe (self->port->user, &credentials, sizeof credentials);
  return status;
}

static int
answer_credentials (struct mf_pair *self, uint8_t *body, size_t size, struct mf_pair_reply *reply)
{
  struct mf_bytes none = { NULL, 0 }, whole = { body, size }, sealed, plain;
  uint8_t         hash[32];
  int             status;

  if (size < SESSION_ID + MF_NOISE_TAG)
    return 400;
  if (self->has_session && now_ms (self) >= self->session_until_ms)
    mf_pair_end_session (self);
  if (!self->has_session || !mf_bytes_same_secret (body, self->session, SESSION_ID))
    return 410;
  self->port->ops->blake2b (self->port->user, hash, sizeof hash, none, &whole, 1);
  if (self->answer_size == 0 || memcmp (hash, self->answered, sizeof hash) != 0)
    {
      sealed.data = body + SESSION_ID;
      sealed.size = size - SESSION_ID;
      if (!mf_cipher_open (self->port, &self->receive, sealed, body + SESSION_ID))
        return 400;
      plain.data = body + SESSION_ID;
      plain.size = sealed.size - MF_NOISE_TAG;
      status = take_credentials (self, plain);
      self->port->ops->wipe (self->port->user, body, size);
      if (status != 200)
        return status;
      memcpy (self->answered, hash, sizeof hash);
    }
  memcpy (reply->body, self->answer, self->answer_size);
  reply->size = self->answer_size;
  return 200;
}

void
mf_pair_request (struct mf_pair       *self,
                 enum mf_pair_step     step,
                 uint8_t              *body,
                 size_t                size,
                 struct mf_pair_reply *reply)
{
  reply->size = 0;
  reply->retry_after_s = 0;
  if (size > MF_PAIR_BODY_MAX)
    reply->status = 400;
  else if (step == MF_PAIR_HELLO)
    reply->status = answer_hello (self, body, size, reply);
  else
    reply->status = answer_credentials (self, body, size, reply);
}
