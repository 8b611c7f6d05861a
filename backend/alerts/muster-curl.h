/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libdex.h>

G_BEGIN_DECLS

/**
 * MusterCurl:
 *
 * Mail and small posts to servers anywhere, by libcurl on threads of its own. Main thread only;
 * ending it breaks off what is under way.
 */
#define MUSTER_TYPE_CURL (muster_curl_get_type ())
G_DECLARE_FINAL_TYPE (MusterCurl, muster_curl, MUSTER, CURL, GObject)

typedef struct
{
  const char        *url;     /* http or https */
  const char *const *headers; /* (nullable): "Name: value" */
  const char        *body;
  const char        *ca_file; /* (nullable): PEM; NULL: the machine's */
  unsigned           timeout_ms;
} MusterCurlPost;

typedef struct
{
  const char        *url;       /* smtp or smtps */
  gboolean           needs_tls; /* of smtp: STARTTLS, or nothing is sent */
  const char        *user;      /* (nullable) */
  const char        *password;  /* (nullable) */
  const char        *from;      /* address */
  const char *const *to;        /* addresses, at least one */
  const char        *message;   /* the whole message, lines ended by CR LF */
  const char        *ca_file;   /* (nullable) */
  unsigned           timeout_ms;
} MusterCurlMail;

/* What became of a mail that at least one of its recipients' servers took. */
typedef struct
{
  char **refused; /* what was said about those who are not to be reached: "address: reply" */
  char **later;   /* addresses that may be tried again */
} MusterCurlMailResult;

#define MUSTER_TYPE_CURL_MAIL_RESULT (muster_curl_mail_result_get_type ())
GType muster_curl_mail_result_get_type (void);

MusterCurl *muster_curl_new (void);

/* Resolves to a MusterHttpReply for any status; rejects with MUSTER_ERROR_INVALID (no such
 * address), _UNAVAILABLE (no connection, or not the right server), _TIMED_OUT. No redirects are
 * followed. */
DexFuture *muster_curl_post (MusterCurl *self, const MusterCurlPost *post);

/* Resolves to a MusterCurlMailResult when one recipient was taken; rejects as above, with
 * _UNAUTHORIZED (the password), _NOT_FOUND (refused for good: 5yz of RFC 5321 §4.2.1). */
DexFuture *muster_curl_send_mail (MusterCurl *self, const MusterCurlMail *mail);

G_END_DECLS
