/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-api-key-resource"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "model/muster-api-key.h"
#include "model/muster-error.h"
#include "model/muster-person.h"
#include "muster-accounts-private.h"
#include "muster-accounts-resource.h"

/* Administrators reach every key; others their own. */
static gboolean
is_administrator (MusterRequest *request)
{
  return muster_actor_get_role (muster_request_get_actor (request)) == MUSTER_ROLE_ADMINISTRATOR;
}

/* "" matches nobody's: those who are no person have no keys. */
static const char *
get_owner (MusterRequest *request)
{
  const char *id = muster_actor_get_person_id (muster_request_get_actor (request));

  return id != NULL ? id : "";
}

static DexFuture *
list_keys (MusterRequest *request, gpointer accounts)
{
  if (!is_administrator (request))
    muster_query_where (muster_request_get_query (request), "person_id", get_owner (request));
  return muster_handle_list (request, muster_accounts_get_repository (accounts));
}

/* --- a new one --- */

static DexFuture *
respond_key_cb (DexFuture *future, gpointer key)
{
  g_autoptr (GString) json = g_string_new (NULL);
  const char     *text = g_value_get_string (dex_future_get_value (future, NULL));
  MusterResponse *response = NULL;

  muster_entity_encode (key, json);
  g_string_truncate (json, json->len - 1);
  g_string_append (json, ",\"key\":");
  muster_json_append_string (json, text, -1);
  g_string_append_c (json, '}');
  response = muster_response_new_json (201, g_steal_pointer (&json));
  muster_response_set_header (response, "Cache-Control", "no-store");
  return muster_response_resolve (response);
}

static DexFuture *
create_key (MusterRequest *request, gpointer accounts)
{
  MusterEntity *key = muster_request_get_entity (request);

  return dex_future_then (muster_accounts_add_key (accounts, muster_request_get_actor (request),
                                                   key),
                          respond_key_cb, g_object_ref (key), g_object_unref);
}

/* --- those that are there --- */

typedef struct
{
  MusterActor *actor;   /* (owned) */
  char        *id;      /* (owned) */
  JsonObject  *changes; /* (owned) (nullable): to be deleted without */
  gint64       revision;
} Change;

static void
change_free (gpointer data)
{
  Change *self = data;

  muster_actor_unref (self->actor);
  g_free (self->id);
  g_clear_pointer (&self->changes, json_object_unref);
  g_free (self);
}

static Change *
change_new (MusterRequest *request)
{
  Change *self = g_new0 (Change, 1);

  self->actor = muster_actor_ref (muster_request_get_actor (request));
  self->id = g_strdup (muster_request_get_path_param (request, "id"));
  self->revision = muster_request_get_expected_revision (request);
  return self;
}

/* The key of SELF, when its actor may touch it. */
static MusterEntity *
change_get_key (Change *self, MusterTransaction *transaction, GError **error)
{
  g_autoptr (MusterEntity) key =
              muster_transaction_get (transaction, &muster_api_key_info, self->id, error);

  if (key == NULL || muster_actor_get_role (self->actor) == MUSTER_ROLE_ADMINISTRATOR ||
      g_strcmp0 (muster_entity_get_string (key, "person_id"),
                 muster_actor_get_person_id (self->actor)) == 0)
    return g_steal_pointer (&key);
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND, "there is no api_key %s", self->id);
  return NULL;
}

static gboolean
update_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  Change *change = data;
  g_autoptr (MusterEntity) key = change_get_key (change, transaction, error);

  if (key == NULL || !muster_entity_decode (key, change->changes, MUSTER_DECODE_REPLACE, "", error))
    return FALSE;
  if (!muster_accounts_check_key_role (key, change->actor, error))
    return FALSE;
  if (!muster_transaction_update (transaction, key, change->revision, error))
    return FALSE;
  g_value_init (result, MUSTER_TYPE_ENTITY);
  g_value_take_object (result, g_steal_pointer (&key));
  return TRUE;
}

static gboolean
delete_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  Change *change = data;
  g_autoptr (MusterEntity) key = change_get_key (change, transaction, error);

  return key != NULL && muster_transaction_delete (transaction, &muster_api_key_info, change->id,
                                                   change->revision, error);
}

static DexFuture *
respond_changed_cb (DexFuture *future, gpointer user_data)
{
  return muster_response_resolve (
    muster_response_new_entity (200, g_value_get_object (dex_future_get_value (future, NULL))));
}

static DexFuture *
respond_deleted_cb (DexFuture *future, gpointer user_data)
{
  return muster_response_resolve (muster_response_new (204));
}

static DexFuture *
write_key (MusterRequest *request, gpointer accounts, Change *change, MusterDatabaseFunc job)
{
  MusterDatabase *database =
    muster_repository_get_database (muster_accounts_get_repository (accounts));

  return muster_database_write (database, muster_request_get_actor (request), NULL, job, change,
                                change_free);
}

static DexFuture *
update_key (MusterRequest *request, gpointer accounts)
{
  Change *change = change_new (request);

  change->changes = json_object_ref (json_node_get_object (muster_request_get_json (request)));
  return dex_future_then (write_key (request, accounts, change, update_job), respond_changed_cb,
                          NULL, NULL);
}

static DexFuture *
delete_key (MusterRequest *request, gpointer accounts)
{
  return dex_future_then (write_key (request, accounts, change_new (request), delete_job),
                          respond_deleted_cb, NULL, NULL);
}

/* clang-format off */
static const MusterShape key_shape = { .doc = "A key.", .entity = &muster_api_key_info };
static const MusterShape keys_shape = { .doc = "Keys.", .entity = &muster_api_key_info, .list = TRUE };

static const MusterRoute routes[] = {
  { "GET", "/api-keys", "listApiKeys", "accounts", "List the keys of programs; others than administrators see their own", list_keys, MUSTER_ROUTE_LIST, .response = &keys_shape },
  { "POST", "/api-keys", "createApiKey", "accounts", "Make a key; its text stands in `key` of the answer, and nowhere else", create_key, MUSTER_ROUTE_PLAIN, .request = &key_shape, .response = &key_shape, .status = 201 },
  { "PUT", "/api-keys/{id:uuid}", "updateApiKey", "accounts", "Change a key", update_key, MUSTER_ROUTE_UPDATE | MUSTER_ROUTE_PARTIAL, .request = &key_shape, .response = &key_shape },
  { "DELETE", "/api-keys/{id:uuid}", "deleteApiKey", "accounts", "Delete a key: it is refused from now on", delete_key, MUSTER_ROUTE_UPDATE },
};
/* clang-format on */

void
muster_api_key_resource_add (MusterRouter *router, MusterAccounts *accounts)
{
  muster_router_add (router, routes, G_N_ELEMENTS (routes), G_OBJECT (accounts));
}
