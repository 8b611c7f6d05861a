/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MF_PAIR_H
#define MF_PAIR_H

#include "mf_credentials.h"
#include "mf_label.h"
#include "mf_noise.h"

/* The device's side of PAIRING.md, without its HTTP: a body in, a status and a body out. */

#define MF_PAIR_BODY_MAX 4096u
#define MF_PAIR_REPLY_MAX 256u
#define MF_PAIR_SESSION_MS 60000u

enum mf_pair_step
{
  MF_PAIR_HELLO = 1,       /* POST /pair/1 */
  MF_PAIR_CREDENTIALS = 2, /* POST /pair/2 */
};

struct mf_pair_reply
{
  int      status;        /* of HTTP */
  unsigned retry_after_s; /* with 429 */
  uint8_t  body[MF_PAIR_REPLY_MAX];
  size_t   size;
};

struct mf_pair_ops
{
  /* The adoption_id that holds now, "" = none. */
  const char *(*adoption_id) (void *user);
  /* Keeps the credentials for good. NULL, or why not in words for a person. */
  const char *(*keep) (void *user, const struct mf_credentials *credentials, struct mf_bytes bytes);
};

struct mf_pair
{
  const struct mf_port     *port;
  const struct mf_pair_ops *ops;
  void                     *user;
  const char               *serial;
  const char               *firmware;
  uint8_t                   psk[32];
  unsigned                  wrong;           /* wrong secrets in a row */
  uint64_t                  locked_until_ms; /* monotonic */
  bool                      has_session;
  uint8_t                   session[8];
  uint64_t                  session_until_ms;
  struct mf_cipher          receive;
  struct mf_cipher          send;
  uint8_t                   answered[32]; /* hash of the last request that was answered */
  uint8_t                   answer[MF_PAIR_REPLY_MAX];
  size_t                    answer_size; /* 0: none yet */
};

/* `serial` and `firmware` are kept as pointers; the serial has at most 64 bytes. */
void mf_pair_init (struct mf_pair           *self,
                   const struct mf_port     *port,
                   const struct mf_pair_ops *ops,
                   void                     *user,
                   const uint8_t             secret[MF_SECRET_SIZE],
                   const char               *serial,
                   const char               *firmware);

/* Answers one request. `body` is overwritten. */
void mf_pair_request (struct mf_pair       *self,
                      enum mf_pair_step     step,
                      uint8_t              *body,
                      size_t                size,
                      struct mf_pair_reply *reply);

/* Forgets the session. */
void mf_pair_end_session (struct mf_pair *self);

#endif
