/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-core-test-util.h"
#include "muster-http-server.h"

G_BEGIN_DECLS

/* One answer as it came over the wire. All of this is for fibers. */
typedef struct
{
  unsigned    status;  /* 0: the connection ended instead */
  GHashTable *headers; /* (owned): by lower-case name */
  char       *body;    /* (owned): and a NUL behind it */
  gsize       length;
} MusterTestAnswer;

void muster_test_answer_free (MusterTestAnswer *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterTestAnswer, muster_test_answer_free)

const char *muster_test_answer_get_header (MusterTestAnswer *self, const char *name);
/* The member NAME of the JSON object that is the body, as text: (transfer full). */
char *muster_test_answer_dup_member (MusterTestAnswer *self, const char *name);

/* A connection to PATH, or to the first TCP address of SERVER. */
GIOStream *muster_test_connect_unix (const char *path);
GIOStream *muster_test_connect_tcp (MusterHttpServer *server);
/* Writes bytes as they are. */
void muster_test_write (GIOStream *stream, const char *text, gssize length);
/* Reads one answer. */
MusterTestAnswer *muster_test_read_answer (GIOStream *stream);
/* Sends METHOD PATH with HEADERS (lines that end with \r\n, or "") and BODY (nullable) and reads
 * the answer. */
MusterTestAnswer *muster_test_ask (GIOStream  *stream,
                                   const char *method,
                                   const char *path,
                                   const char *headers,
                                   const char *body);

G_END_DECLS
