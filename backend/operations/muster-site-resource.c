/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-site-resource"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "core/http/muster-call.h"
#include "model/muster-site.h"
#include "muster-site-resource.h"

/* Resolves to the one site. */
static DexFuture *
found_cb (DexFuture *future, gpointer user_data)
{
  GPtrArray *sites = g_value_get_boxed (dex_future_get_value (future, NULL));

  if (sites->len == 0)
    return dex_future_new_reject (MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND,
                                  "the site has no record yet");
  return dex_future_new_for_object (sites->pdata[0]);
}

static DexFuture *
find_site (MusterRepository *repository)
{
  g_autoptr (MusterQuery) query = muster_query_new (&muster_site_info);

  return dex_future_then (muster_repository_select (repository, query), found_cb, NULL, NULL);
}

static DexFuture *
respond_site_cb (DexFuture *future, gpointer user_data)
{
  return muster_response_resolve (
    muster_response_new_entity (200, g_value_get_object (dex_future_get_value (future, NULL))));
}

static DexFuture *
get_site (MusterRequest *request, gpointer repository)
{
  return dex_future_then (find_site (repository), respond_site_cb, NULL, NULL);
}

static DexFuture *
patch_cb (DexFuture *future, gpointer user_data)
{
  MusterCall   *call = user_data;
  MusterEntity *site = g_value_get_object (dex_future_get_value (future, NULL));

  return muster_repository_patch (call->resource, muster_request_get_actor (call->request),
                                  "Change the site", &muster_site_info, muster_entity_get_id (site),
                                  json_node_get_object (muster_request_get_json (call->request)),
                                  muster_request_get_expected_revision (call->request));
}

static DexFuture *
put_site (MusterRequest *request, gpointer repository)
{
  return dex_future_then (dex_future_then (find_site (repository), patch_cb,
                                           muster_call_new (request, repository), muster_call_free),
                          respond_site_cb, NULL, NULL);
}

/* clang-format off */
static const MusterShape shape = { .doc = "The site.", .entity = &muster_site_info };
static const MusterRoute routes[] = {
  { "GET", "/site", "getSite", "settings", "The place that this daemon serves", get_site, MUSTER_ROUTE_PLAIN, .response = &shape },
  { "PUT", "/site", "updateSite", "settings", "Change the site's name, zone or notes", put_site, MUSTER_ROUTE_UPDATE | MUSTER_ROUTE_PARTIAL, .request = &shape, .response = &shape },
};
/* clang-format on */

void
muster_site_resource_add (MusterRouter *router, MusterRepository *repository)
{
  muster_router_add (router, routes, G_N_ELEMENTS (routes), G_OBJECT (repository));
}
