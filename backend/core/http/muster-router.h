/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libdex.h>

#include "core/muster-actor.h"
#include "core/muster-query.h"
#include "model/muster-entity.h"
#include "muster-live-pass.h"
#include "muster-pace.h"

G_BEGIN_DECLS

/* One HTTP exchange as the rooms see it; libsoup stays inside core/http. Reference counted
 * GObjects, main thread only. */
#define MUSTER_TYPE_REQUEST (muster_request_get_type ())
G_DECLARE_FINAL_TYPE (MusterRequest, muster_request, MUSTER, REQUEST, GObject)
#define MUSTER_TYPE_RESPONSE (muster_response_get_type ())
G_DECLARE_FINAL_TYPE (MusterResponse, muster_response, MUSTER, RESPONSE, GObject)

/* Resolves to a MusterResponse. A rejection becomes a problem document (RFC 9457): MUSTER_ERROR by
 * its code, libdex's and GIO's time-out and cancellation as 504 and 503, anything else as 500 with
 * a request id and no inner detail. May return an already resolved future: then no fiber and no
 * main loop turn is spent. */
typedef DexFuture *(*MusterHandler) (MusterRequest *request, gpointer user_data);

/* Takes over the connection of REQUEST after a WebSocket's handshake: STREAM (borrowed), at URI;
 * PASS (transfer full) (nullable): by what it was let in. */
typedef void (*MusterUpgrade) (MusterRequest  *request,
                               GIOStream      *stream,
                               GUri           *uri,
                               MusterLivePass *pass,
                               gpointer        user_data);

/* The shape of a body: an entity, a list of it, or a table of fields of its own. With ENTITY and
 * FIELDS both: the entity's members and those beside it, as one object; the handler reads such a
 * request by itself, out of muster_request_get_json(), which is an object. */
typedef struct
{
  const char             *schema; /* OpenAPI component of FIELDS; NULL with ENTITY alone */
  const char             *doc;
  const MusterEntityInfo *entity;
  const MusterField      *fields;
  unsigned                n_fields;
  gboolean                list;        /* answers {"items","total","next"} of it */
  const char             *media_type;  /* NULL: application/json; others are described as opaque */
  gboolean                is_numbered; /* of a list: `next` is a number, not an opaque text */
} MusterShape;

typedef enum
{
  MUSTER_ROUTE_PLAIN = 0,
  MUSTER_ROUTE_LIST = 1 << 0,   /* takes the parameters of MusterQuery over response->entity, and
                                   muster_request_get_query() */
  MUSTER_ROUTE_PUBLIC = 1 << 1, /* needs no authentication: health, metrics, openapi, sign-in */
  MUSTER_ROUTE_DEVICE = 1 << 2, /* a device's token is enough */
  MUSTER_ROUTE_RAW = 1 << 3,    /* the body is handed on unparsed: muster_request_get_body() */
  MUSTER_ROUTE_UPDATE = 1 << 4, /* takes If-Match: muster_request_get_expected_revision() */
  MUSTER_ROUTE_PARTIAL =
    1 << 5, /* the request decodes as MUSTER_DECODE_REPLACE, not MUSTER_DECODE_CREATE */
  MUSTER_ROUTE_IDENTIFY =
    1 << 6, /* public, but a token that is shown must be good: the actor may be NULL */
  MUSTER_ROUTE_SPOOL = 1 << 7,      /* the body is kept in a file as it comes, however large:
                                       muster_request_get_body_file() */
  MUSTER_ROUTE_OPEN_QUERY = 1 << 9, /* parameters that its table does not know are let by */
  MUSTER_ROUTE_IDS =
    MUSTER_ROUTE_LIST | 1 << 8,  /* a list that answers {"ids","total"}: everything that matches */
  MUSTER_ROUTE_PAST = 1 << 10,   /* takes `as_of`: muster_request_get_as_of(). Lists of records and
                                    muster_handle_get() do without being marked */
  MUSTER_ROUTE_INFLUX = 1 << 12, /* the token may also be shown as InfluxDB's clients do:
                                   `Authorization: Token`, a password, or the parameter `p` */
} MusterRouteFlags;

/* How routes of an API that others have specified differ from ours. */
typedef struct
{
  /* (nullable): who calls, as MusterAuthenticate; instead of a bearer token and of the peer's
   * credentials, before the body is read. NULL: as ever. */
  DexFuture *(*authenticate) (MusterRequest *request, gpointer user_data);
  /* What is answered in place of a problem document, by the server and where the handler rejects.
   */
  MusterResponse *(*refuse) (MusterRequest *request, const GError *error);
  const char *name; /* of that API: "ddi" */
} MusterDialect;

/**
 * MusterRoute:
 *
 * One operation of the API. The router matches and checks by it, and /openapi.json is made of it.
 * Path parameters are
 * `{name}` (text), `{name:uuid}`, `{name:integer}`; a fixed segment wins over a parameter; a
 * trailing slash is optional.
 */
typedef struct
{
  const char        *method;
  const char        *path;
  const char        *operation; /* operationId: "adoptDevice" */
  const char        *tag;       /* room: "devices" */
  const char        *summary;
  MusterHandler      handler;
  MusterRouteFlags   flags;
  const MusterField *query; /* (nullable) own query parameters */
  unsigned           n_query;
  const MusterShape *request;    /* (nullable): no body is taken */
  const MusterShape *response;   /* (nullable): no body is given */
  unsigned           status;     /* of success; 0: 200, or 204 without a response */
  gsize              body_limit; /* bytes; 0: 1 MiB */
  MusterUpgrade      upgrade;    /* (nullable): it is a WebSocket; the handler refuses the others */
  const MusterEntityInfo *entity; /* (nullable): of the generic handlers, where no shape names it */
  const MusterDialect    *dialect; /* (nullable) */
} MusterRoute;

#define MUSTER_TYPE_ROUTER (muster_router_get_type ())
G_DECLARE_FINAL_TYPE (MusterRouter, muster_router, MUSTER, ROUTER, GObject)

MusterRouter *muster_router_new (void);
/* ROUTES stay; USER_DATA (a GObject) is referenced and handed to each handler. */
void muster_router_add (MusterRouter      *self,
                        const MusterRoute *routes,
                        unsigned           n_routes,
                        GObject           *user_data);
/* Whether each route added has its row in the table of rights, and its flags agree with it. Without
 * a row (the routers of tests) everybody may call what is public, devices what is marked so, those
 * who work on the site what reads, and of them all but viewers what changes. */
gboolean muster_router_check_rights (MusterRouter *self, GError **error);
/* The OpenAPI 3.1 document of every route added: (transfer full). */
GBytes *muster_router_make_openapi (MusterRouter *self, const char *version);

/* --- request --- */
/* NULL for public routes, unless they identify and a token came along. */
MusterActor *muster_request_get_actor (MusterRequest *self);
const char  *muster_request_get_id (MusterRequest *self); /* of the log line; `X-Request-Id` */
const char  *muster_request_get_method (MusterRequest *self);
const char  *muster_request_get_path_param (MusterRequest *self,
                                            const char    *name); /* checked, percent-decoded */
gint64       muster_request_get_path_integer (MusterRequest *self, const char *name);
/* Query parameters by the route's table; checked. Missing: is_null. */
const MusterValue *muster_request_get_param (MusterRequest *self, const char *name);
const char *muster_request_get_param_text (MusterRequest *self, const char *name); /* or NULL */
/* For MUSTER_ROUTE_LIST: borrowed. */
MusterQuery *muster_request_get_query (MusterRequest *self);
/* The moment that is asked about, UTC microseconds: of the parameter `as_of`; 0: the present. The
 * query of a list knows it by itself. */
gint64 muster_request_get_as_of (MusterRequest *self);
/* The whole body of a MUSTER_ROUTE_RAW route. */
GBytes *muster_request_get_body (MusterRequest *self);
/* The file that holds the whole body of a MUSTER_ROUTE_SPOOL route, and its length in bytes. The
 * descriptor is the request's own: whoever needs it for longer duplicates it. */
int muster_request_get_body_file (MusterRequest *self, gint64 *length);
/* The parsed JSON body; its members were checked against the route's request shape when that has
 * fields or an entity. Borrowed. */
JsonNode *muster_request_get_json (MusterRequest *self);
/* For a request shape with an entity and MUSTER_DECODE_CREATE: the decoded new entity. Borrowed. */
MusterEntity *muster_request_get_entity (MusterRequest *self);
/* From If-Match; 0 when the header is absent or `*`. */
gint64      muster_request_get_expected_revision (MusterRequest *self);
const char *muster_request_get_header (MusterRequest *self, const char *name);
/* The token of `Authorization: Bearer`, or NULL. */
const char *muster_request_get_bearer (MusterRequest *self);
/* The user and the password of `Authorization: Basic` (RFC 7617), (transfer full); FALSE without.
 */
gboolean muster_request_dup_basic (MusterRequest *self, char **user, char **password);
/* "https://muster.example:8443": where the client sees this server, to make links of; behind a
 * proxy as its X-Forwarded-Proto and X-Forwarded-Host say. (transfer full) */
char *muster_request_dup_origin (MusterRequest *self);
/* Address of the other side as text ("192.0.2.7", "unix"). */
const char *muster_request_get_remote (MusterRequest *self);

/* --- response --- */
MusterResponse *muster_response_new (unsigned status);
/* Takes JSON's text. */
MusterResponse *muster_response_new_json (unsigned status, GString *json);
MusterResponse *muster_response_new_bytes (unsigned status, const char *media_type, GBytes *bytes);
/* A body that is read as it is sent, a piece at a time: for GET alone. LENGTH in bytes; -1: not
 * known, it goes on to STREAM's end. */
MusterResponse *muster_response_new_stream (unsigned      status,
                                            const char   *media_type,
                                            GInputStream *stream,
                                            gint64        length);
/* How fast its stream is sent, together with others of the same PACE (nullable). */
void muster_response_set_pace (MusterResponse *self, MusterPace *pace);
/* One entity with its ETag; 201 also wants a Location: /<path>/<id>. */
MusterResponse *muster_response_new_entity (unsigned status, MusterEntity *entity);
unsigned        muster_response_get_status (MusterResponse *self);
void muster_response_set_header (MusterResponse *self, const char *name, const char *value);
/* ETag "REVISION"; a GET with a matching If-None-Match is answered 304. */
void muster_response_set_revision (MusterResponse *self, gint64 revision);
/* The same with a TAG of another kind, told without its quotes. */
void muster_response_set_tag (MusterResponse *self, const char *tag);

/* A handler's last line in a fiber: a future that resolves to RESPONSE (taken). */
DexFuture *muster_response_resolve (MusterResponse *response);

/* The handler of a route with `upgrade`. */
DexFuture *muster_handle_websocket (MusterRequest *request, gpointer user_data);

/* The entity that FUTURE (taken) resolves to, as it is answered with STATUS. */
DexFuture *muster_response_resolve_entity (DexFuture *future, unsigned status);

/* Generic handlers over a repository for plain entities: user_data is the MusterRepository. The
 * entity is that of the route's shapes, or its own. */
DexFuture *muster_handle_list (MusterRequest *request, gpointer repository);
/* Those whose FIELD names the record of the path, one of OWNER, which must be there. */
DexFuture *muster_handle_list_of (MusterRequest          *request,
                                  gpointer                repository,
                                  const MusterEntityInfo *owner,
                                  const char             *field);
DexFuture *muster_handle_list_ids (MusterRequest *request, gpointer repository);
DexFuture *muster_handle_get (MusterRequest *request, gpointer repository); /* {id:uuid} */
DexFuture *muster_handle_create (MusterRequest *request, gpointer repository);
DexFuture *muster_handle_update (MusterRequest *request,
                                 gpointer       repository); /* {id:uuid}, If-Match */
DexFuture *muster_handle_delete (MusterRequest *request,
                                 gpointer       repository); /* {id:uuid}, If-Match */
G_END_DECLS
