/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a mail says. */
typedef struct
{
  const char        *id;        /* unique, of the message id */
  const char        *from;      /* address */
  const char        *from_name; /* (nullable) */
  const char *const *to;        /* addresses */
  const char        *subject;
  const char        *body;
  gint64             at; /* UTC microseconds */
  gboolean           is_urgent;
} MusterMail;

/* MAIL as a message of RFC 5322 with the body as quoted-printable UTF-8 (RFC 2045), lines ended by
 * CR LF: (transfer full). Control characters of the subject become spaces. */
char *muster_mail_compose (const MusterMail *mail);

G_END_DECLS
