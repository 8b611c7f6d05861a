/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

#include "muster-router-private.h"

G_BEGIN_DECLS

struct _MusterRequest
{
  GObject parent_instance;

  const MusterRouteEntry *entry;   /* (nullable): before it is matched */
  MusterActor            *actor;   /* (owned) (nullable) */
  MusterActor            *local;   /* (owned) (nullable): the machine's user, by peer credentials */
  SoupMessageHeaders     *headers; /* (owned) (nullable) */
  char                   *id;      /* (owned) */
  const char             *method;  /* (interned) */
  MusterPath              path;
  char                   *remote; /* (owned) (ref string) */
  gboolean                is_tls;
  GTlsCertificate        *certificate; /* (owned) (nullable): of the connection */

  /* made by muster_request_decode() */
  char        **param_texts; /* (owned) (nullable): of route->query, by position */
  MusterValue  *params;      /* (owned) (nullable): likewise */
  MusterQuery  *query;       /* (owned) (nullable) */
  gint64        as_of;
  GBytes       *body;    /* (owned) (nullable) */
  JsonNode     *json;    /* (owned) (nullable) */
  MusterEntity *entity;  /* (owned) (nullable) */
  int           body_fd; /* (owned) or -1 */
  gint64        body_size;
  gint64        expected_revision;
};

/* METHOD: interned. HEADERS (nullable) and ACTOR (nullable), the machine's user whom the peer
 * credentials name, are referenced; REMOTE is a ref string or NULL. */
MusterRequest *muster_request_new (const char         *id,
                                   const char         *method,
                                   SoupMessageHeaders *headers,
                                   MusterActor        *actor,
                                   char               *remote);

/* Reads everything that SELF's route (set before) declares out of QUERY_STRING and BODY (nullable),
 * and checks it. */
gboolean muster_request_decode (MusterRequest *self,
                                const char    *query_string,
                                GBytes        *body,
                                GError       **error);
/* The checks that the headers alone allow, before a body is read: its media type, and whether there
 * may be one. */
gboolean muster_request_check_content (MusterRequest *self, gboolean has_body, GError **error);

/* The token that the route takes, wherever it is shown, or NULL: (transfer full). QUERY (nullable):
 * of the address, which is not decoded yet. */
char *muster_request_dup_token (MusterRequest *self, const char *query);

G_END_DECLS
