/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-api-search"

#include "config.h"

#include "muster-api-calls.h"
#include "muster-api-json.h"
#include "muster-api-search.h"

struct _MusterApiHit
{
  GObject parent_instance;

  JsonObject *json; /* (owned) */
  gboolean    more;
};

G_DEFINE_FINAL_TYPE (MusterApiHit, muster_api_hit, G_TYPE_OBJECT)

static void
muster_api_hit_finalize (GObject *object)
{
  g_clear_pointer (&MUSTER_API_HIT (object)->json, json_object_unref);
  G_OBJECT_CLASS (muster_api_hit_parent_class)->finalize (object);
}

static void
muster_api_hit_class_init (MusterApiHitClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_api_hit_finalize;
}

static void
muster_api_hit_init (MusterApiHit *self)
{
}

MusterApiHit *
muster_api_hit_new_from_json (JsonObject *object, gboolean more, GError **error)
{
  static const char *const texts[] = { "kind", "id", "title", "field", "rank" };
  MusterApiHit            *self;

  g_return_val_if_fail (object != NULL, NULL);

  for (unsigned i = 0; i < G_N_ELEMENTS (texts); i++)
    if (muster_api_json_get_string (object, texts[i]) == NULL)
      {
        g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_PROTOCOL, "something found has no “%s”",
                     texts[i]);
        return NULL;
      }
  self = g_object_new (MUSTER_TYPE_API_HIT, NULL);
  self->json = json_object_ref (object);
  self->more = more;
  return self;
}

#define DEFINE_TEXT(name)                                                                          \
  const char *muster_api_hit_get_##name (MusterApiHit *self)                                       \
  {                                                                                                \
    g_return_val_if_fail (MUSTER_IS_API_HIT (self), NULL);                                         \
    return muster_api_json_get_string (self->json, #name);                                         \
  }

DEFINE_TEXT (kind)
DEFINE_TEXT (id)
DEFINE_TEXT (title)
DEFINE_TEXT (subtitle)
DEFINE_TEXT (status)
DEFINE_TEXT (field)
DEFINE_TEXT (value)
DEFINE_TEXT (rank)

gboolean
muster_api_hit_has_more (MusterApiHit *self)
{
  g_return_val_if_fail (MUSTER_IS_API_HIT (self), FALSE);

  return self->more;
}

/* --- the search --- */

static gboolean
take_group (GListStore *hits, JsonObject *group, GError **error)
{
  JsonArray *items = group != NULL ? muster_api_json_get_array (group, "items") : NULL;

  for (guint i = 0; items != NULL && i < json_array_get_length (items); i++)
    {
      JsonObject *item = muster_api_json_as_object (json_array_get_element (items, i));
      g_autoptr (MusterApiHit) hit =
                  item != NULL
                    ? muster_api_hit_new_from_json (item,
                                                    muster_api_json_get_boolean (group, "more"),
                                                    error)
                    : NULL;

      if (hit == NULL && item == NULL)
        g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_PROTOCOL,
                             "something found is no object");
      if (hit == NULL)
        return FALSE;
      g_list_store_append (hits, hit);
    }
  return TRUE;
}

static DexFuture *
take_groups_cb (DexFuture *future, gpointer user_data)
{
  JsonObject *object = g_value_get_boxed (dex_future_get_value (future, NULL));
  JsonArray  *groups = muster_api_json_get_array (object, "groups");
  g_autoptr (GListStore) hits = g_list_store_new (MUSTER_TYPE_API_HIT);
  GError *error = NULL;

  if (groups == NULL)
    return dex_future_new_reject (MUSTER_ERROR, MUSTER_ERROR_PROTOCOL,
                                  "the daemon's answer to a search has no “groups”");
  for (guint i = 0; i < json_array_get_length (groups); i++)
    if (!take_group (hits, muster_api_json_as_object (json_array_get_element (groups, i)), &error))
      return dex_future_new_for_error (error);
  return dex_future_new_take_object (g_steal_pointer (&hits));
}

DexFuture *
muster_api_search (MusterApiClient *client, const char *text, unsigned limit, const char *kinds)
{
  MusterApiRequest *request = NULL;

  dex_return_error_if_fail (MUSTER_IS_API_CLIENT (client));
  dex_return_error_if_fail (text != NULL);

  request = muster_api_request_new ("GET", "search", NULL);
  muster_api_request_add_query (request, "q", text);
  if (limit > 0)
    muster_api_request_add_query_integer (request, "limit", limit);
  muster_api_request_add_query (request, "kinds", kinds);
  return dex_future_then (muster_api_call_object (client, request), take_groups_cb, NULL, NULL);
}
