/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/muster-rights.h"
#include "muster-path.h"
#include "muster-router.h"

G_BEGIN_DECLS

#define MUSTER_ROUTE_MAX_PARAMS 4
#define MUSTER_BODY_DEFAULT_LIMIT (1024 * 1024)

typedef enum
{
  MUSTER_PARAM_TEXT,
  MUSTER_PARAM_UUID,
  MUSTER_PARAM_INTEGER,
} MusterParamType;

/* One `{name}` of a route's path. */
typedef struct
{
  char           *name;
  MusterParamType type;
  unsigned        segment; /* which one it is in the path */
} MusterRouteParam;

/* A route as compiled. It lives as long as its router. */
typedef struct
{
  const MusterRoute *route;
  GObject           *user_data; /* (owned) (nullable) */
  MusterRouteParam   params[MUSTER_ROUTE_MAX_PARAMS];
  unsigned           n_params;
  unsigned           index; /* in the order of adding */
  MusterRoles        roles; /* who may call it */
} MusterRouteEntry;

/* `as_of`, and whether ROUTE takes it. */
extern const MusterField muster_route_as_of_field;
gboolean                 muster_route_has_past (const MusterRoute *route);

/* Finds the operation METHOD (HEAD finds that of GET) at PATH. Otherwise NULL with ALLOW unset when
 * there is no such path, or with ALLOW set to the methods ("GET, HEAD, OPTIONS", transfer full)
 * when it takes others. */
const MusterRouteEntry *muster_router_match (MusterRouter     *self,
                                             const char       *method,
                                             const MusterPath *path,
                                             char            **allow);
/* (element-type MusterRouteEntry): borrowed, in the order of adding. */
GPtrArray *muster_router_get_entries (MusterRouter *self);

G_END_DECLS
