/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-user-resource"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "model/muster-error.h"
#include "model/muster-person.h"
#include "muster-accounts-resource.h"

static MusterRole
get_role (MusterRequest *request)
{
  return muster_actor_get_role (muster_request_get_actor (request));
}

static DexFuture *
respond_person_cb (DexFuture *future, gpointer user_data)
{
  return muster_response_resolve (
    muster_response_new_entity (200, g_value_get_object (dex_future_get_value (future, NULL))));
}

/* --- adding --- */

static DexFuture *
respond_added_cb (DexFuture *future, gpointer user_data)
{
  return muster_response_resolve (
    muster_response_new_entity (201, g_value_get_object (dex_future_get_value (future, NULL))));
}

static gboolean
get_flag (JsonObject *object, const char *name)
{
  return json_object_get_boolean_member_with_default (object, name, FALSE);
}

/* The person that the body describes; `username` and `is_admin` are earlier clients' words. */
static MusterEntity *
make_person (MusterRequest *request, GError **error)
{
  static const char *const same[] = { "email", "phone", "address", "local_user" };
  JsonObject              *body = json_node_get_object (muster_request_get_json (request));
  g_autoptr (MusterEntity) person = muster_entity_new (&muster_person_info);
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();
  const char *name = muster_accounts_get_member (request, "name");
  const char *role = muster_accounts_get_member (request, "role");

  if (name == NULL)
    name = muster_accounts_get_member (request, "username");
  if (name == NULL)
    muster_field_errors_add (errors, "/name", "is required");
  if (role != NULL && get_flag (body, "is_admin") && strcmp (role, "administrator") != 0)
    muster_field_errors_add (errors, "/is_admin", "does not agree with the role: leave it out");
  if (!muster_field_errors_check (errors, error))
    return NULL;
  muster_entity_set_string (person, "name", name);
  for (guint i = 0; i < G_N_ELEMENTS (same); i++)
    muster_entity_set_string (person, same[i], muster_accounts_get_member (request, same[i]));
  if (role != NULL)
    muster_entity_set_string (person, "role", role);
  else if (get_flag (body, "is_admin"))
    muster_entity_set_enum (person, "role", MUSTER_ROLE_ADMINISTRATOR);
  return g_steal_pointer (&person);
}

static DexFuture *
add_user (MusterRequest *request, gpointer accounts)
{
  JsonObject *body = json_node_get_object (muster_request_get_json (request));
  GError     *error = NULL;
  g_autoptr (MusterEntity) person = make_person (request, &error);
  gboolean role_given;

  if (person == NULL)
    return dex_future_new_for_error (error);
  role_given = muster_accounts_get_member (request, "role") != NULL || get_flag (body, "is_admin");
  return dex_future_then (
    muster_accounts_add_person (accounts, muster_request_get_actor (request),
                                muster_request_get_remote (request), person, role_given,
                                muster_accounts_get_member (request, "password")),
    respond_added_cb, NULL, NULL);
}

/* --- reading --- */

/* Operators see all people, for they work for them; others themselves. */
static gboolean
check_reach (MusterRequest *request, GError **error)
{
  const char *id = muster_request_get_path_param (request, "id");

  if (get_role (request) <= MUSTER_ROLE_OPERATOR ||
      g_strcmp0 (id, muster_actor_get_person_id (muster_request_get_actor (request))) == 0)
    return TRUE;
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND, "there is no person %s", id);
  return FALSE;
}

static DexFuture *
get_me (MusterRequest *request, gpointer accounts)
{
  const char *id = muster_actor_get_person_id (muster_request_get_actor (request));

  if (id == NULL)
    return dex_future_new_reject (MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND,
                                  "the caller is no person of the site: see /rights");
  return dex_future_then (muster_repository_get (muster_accounts_get_repository (accounts),
                                                 &muster_person_info, id),
                          respond_person_cb, NULL, NULL);
}

static DexFuture *
list_users (MusterRequest *request, gpointer accounts)
{
  return muster_handle_list (request, muster_accounts_get_repository (accounts));
}

static DexFuture *
get_user (MusterRequest *request, gpointer accounts)
{
  GError *error = NULL;

  if (!check_reach (request, &error))
    return dex_future_new_for_error (error);
  return muster_handle_get (request, muster_accounts_get_repository (accounts));
}

static void
append_name (GString *json, MusterEntity *person)
{
  static const char *const fields[] = { "id", "name", "role" };

  g_string_append_c (json, '{');
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      g_string_append_printf (json, "%s\"%s\":", i > 0 ? "," : "", fields[i]);
      muster_json_append_string (json, muster_entity_get_string (person, fields[i]), -1);
    }
  g_string_append_printf (json, ",\"has_pin\":%s,\"disabled\":%s}",
                          muster_entity_get_boolean (person, "has_pin") ? "true" : "false",
                          muster_entity_get_boolean (person, "disabled") ? "true" : "false");
}

static DexFuture *
respond_names_cb (DexFuture *future, gpointer user_data)
{
  GPtrArray *people = g_value_get_boxed (dex_future_get_value (future, NULL));
  GString   *json = g_string_new ("{\"items\":[");

  for (guint i = 0; i < people->len; i++)
    {
      if (i > 0)
        g_string_append_c (json, ',');
      append_name (json, people->pdata[i]);
    }
  g_string_append_printf (json, "],\"total\":%u,\"next\":null}", people->len);
  return muster_response_resolve (muster_response_new_json (200, json));
}

/* Those who work here; customers are told to those who may see them. */
static DexFuture *
list_names (MusterRequest *request, gpointer accounts)
{
  g_autoptr (GHashTable) params = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (MusterQuery) query = NULL;

  g_hash_table_insert (params, (gpointer) "role",
                       (gpointer) "administrator,operator,technician,viewer");
  g_hash_table_insert (params, (gpointer) "sort", (gpointer) "name");
  g_hash_table_insert (params, (gpointer) "limit", (gpointer) "1000");
  query = muster_query_new_from_params (&muster_person_info, params, NULL, NULL);
  muster_query_set_as_of (query, muster_request_get_as_of (request));
  return dex_future_then (muster_repository_select (muster_accounts_get_repository (accounts),
                                                    query),
                          respond_names_cb, NULL, NULL);
}

/* --- changing --- */

static DexFuture *
update_user (MusterRequest *request, gpointer accounts)
{
  return dex_future_then (
    muster_accounts_update_person (accounts, muster_request_get_actor (request),
                                   muster_request_get_path_param (request, "id"),
                                   json_node_get_object (muster_request_get_json (request)),
                                   muster_request_get_expected_revision (request)),
    respond_person_cb, NULL, NULL);
}

static DexFuture *
respond_deleted_cb (DexFuture *future, gpointer user_data)
{
  return muster_response_resolve (muster_response_new (204));
}

static DexFuture *
delete_user (MusterRequest *request, gpointer accounts)
{
  return dex_future_then (muster_repository_delete (muster_accounts_get_repository (accounts),
                                                    muster_request_get_actor (request),
                                                    "Delete a person", &muster_person_info,
                                                    muster_request_get_path_param (request, "id"),
                                                    muster_request_get_expected_revision (request)),
                          respond_deleted_cb, NULL, NULL);
}

/* --- secrets --- */

static DexFuture *
put_password (MusterRequest *request, gpointer accounts)
{
  g_autofree char *keep =
    muster_accounts_dup_sign_in (accounts, muster_request_get_bearer (request));

  return dex_future_then (
    muster_accounts_set_password (accounts, muster_request_get_actor (request),
                                  muster_request_get_path_param (request, "id"),
                                  muster_accounts_get_member (request, "password"),
                                  muster_accounts_get_member (request, "old_password"), keep),
    respond_person_cb, NULL, NULL);
}

/* Whose PIN or badge it is: the body's `person_id`, else the caller. */
static const char *
get_person (MusterRequest *request, GError **error)
{
  const char *id = muster_accounts_get_member (request, "person_id");
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();

  if (id == NULL)
    id = muster_actor_get_person_id (muster_request_get_actor (request));
  if (id == NULL)
    muster_field_errors_add (errors, "/person_id",
                             "is required of those who are no person of the site");
  return muster_field_errors_check (errors, error) ? id : NULL;
}

static DexFuture *
post_pin (MusterRequest *request, gpointer accounts)
{
  GError     *error = NULL;
  const char *id = get_person (request, &error);

  if (id == NULL)
    return dex_future_new_for_error (error);
  return dex_future_then (muster_accounts_set_pin (accounts, muster_request_get_actor (request), id,
                                                   muster_accounts_get_member (request, "pin")),
                          respond_person_cb, NULL, NULL);
}

static DexFuture *
post_badge (MusterRequest *request, gpointer accounts)
{
  GError     *error = NULL;
  const char *id = get_person (request, &error);

  if (id == NULL)
    return dex_future_new_for_error (error);
  return dex_future_then (muster_accounts_set_badge (accounts, muster_request_get_actor (request),
                                                     id,
                                                     muster_accounts_get_member (request, "badge")),
                          respond_person_cb, NULL, NULL);
}

/* clang-format off */
static const MusterField new_fields[] = {
  { "name", MUSTER_FIELD_STRING, MUSTER_FIELD_PLAIN, 1, 120, .label = N_("Name"), .doc = "What the person is called." },
  { "username", MUSTER_FIELD_STRING, MUSTER_FIELD_PLAIN, 1, 120, .label = N_("Name"), .doc = "The name, by the word that earlier clients know." },
  { "email", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 3, 254, .format = "email", .label = N_("E-mail"), .doc = "E-mail address; unique on the site, and what one signs in with." },
  { "password", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_SECRET, 1, 2000, .label = N_("Password"), .doc = "8 characters or more; left out, the person cannot sign in with one." },
  { "role", MUSTER_FIELD_ENUM, MUSTER_FIELD_PLAIN, .enumeration = &muster_person_role_enum, .label = N_("Role"), .doc = "What the person may do; given by administrators." },
  { "is_admin", MUSTER_FIELD_BOOLEAN, MUSTER_FIELD_PLAIN, .label = N_("Administrator"), .doc = "The role of an administrator, by the word that earlier clients know." },
  { "phone", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 1, 40, .label = N_("Telephone"), .doc = "Where to reach the person." },
  { "address", MUSTER_FIELD_TEXT, MUSTER_FIELD_NULLABLE, 0, 1000, .label = N_("Address"), .doc = "Where deliveries go." },
  { "local_user", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 1, 64, .label = N_("Local user"), .doc = "Account on the daemon's machine; given by administrators." },
};
static const MusterField password_fields[] = {
  { "password", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_NULLABLE | MUSTER_FIELD_SECRET, 1, 2000, .label = N_("Password"), .doc = "The new password; null: none any more." },
  { "old_password", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_SECRET, 1, 2000, .label = N_("Old password"), .doc = "Needed of those who change their own." },
};
static const MusterField pin_fields[] = {
  { "person_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE, .label = N_("Person"), .doc = "Whose; the caller's where it is left out." },
  { "pin", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_NULLABLE | MUSTER_FIELD_SECRET, 1, 20, .label = N_("PIN"), .doc = "4 to 12 digits; null: none any more." },
};
static const MusterField badge_fields[] = {
  { "person_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE, .label = N_("Person"), .doc = "Whose; the caller's where it is left out." },
  { "badge", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_NULLABLE | MUSTER_FIELD_SECRET, 1, 200, .label = N_("Badge"), .doc = "The code that the reader gives; null: none any more." },
};
static const MusterField name_fields[] = {
  { "id", MUSTER_FIELD_UUID, MUSTER_FIELD_REQUIRED, .label = N_("Identifier"), .doc = "The person's identifier." },
  { "name", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED, .label = N_("Name"), .doc = "What the person is called." },
  { "role", MUSTER_FIELD_ENUM, MUSTER_FIELD_REQUIRED, .enumeration = &muster_person_role_enum, .label = N_("Role"), .doc = "The person's role." },
  { "has_pin", MUSTER_FIELD_BOOLEAN, MUSTER_FIELD_REQUIRED, .label = N_("PIN set"), .doc = "Whether one can switch to the person by PIN." },
  { "disabled", MUSTER_FIELD_BOOLEAN, MUSTER_FIELD_REQUIRED, .label = N_("Disabled"), .doc = "Whether signing in is refused." },
};
#define SHAPE(schema_name, text, table) { .schema = schema_name, .doc = text, .fields = table, .n_fields = G_N_ELEMENTS (table) }
static const MusterShape person_shape = { .doc = "A person.", .entity = &muster_person_info };
static const MusterShape people_shape = { .doc = "People.", .entity = &muster_person_info, .list = TRUE };
static const MusterShape new_shape = SHAPE ("NewPerson", "A new person.", new_fields);
static const MusterShape password_shape = SHAPE ("PasswordChange", "A password.", password_fields);
static const MusterShape pin_shape = SHAPE ("PinChange", "A PIN.", pin_fields);
static const MusterShape badge_shape = SHAPE ("BadgeChange", "A badge.", badge_fields);
static const MusterShape names_shape = { .schema = "PersonName", .doc = "Those who work here.", .fields = name_fields, .n_fields = G_N_ELEMENTS (name_fields), .list = TRUE };

static const MusterRoute routes[] = {
  { "POST", "/users/add", "addUser", "accounts", "Add a person: the first becomes administrator", add_user, MUSTER_ROUTE_PUBLIC | MUSTER_ROUTE_IDENTIFY, .request = &new_shape, .response = &person_shape, .status = 201 },
  { "GET", "/users", "listUsers", "accounts", "List people", list_users, MUSTER_ROUTE_LIST, .response = &people_shape },
  { "GET", "/users/me", "getMe", "accounts", "The person who calls; 404 for who is none of the site's", get_me, MUSTER_ROUTE_PLAIN, .response = &person_shape },
  { "GET", "/users/names", "listUserNames", "accounts", "The names of those who work here", list_names, MUSTER_ROUTE_PAST, .response = &names_shape },
  { "POST", "/users/pin", "setUserPin", "accounts", "Set the PIN by which one switches to a person at a kiosk", post_pin, MUSTER_ROUTE_PLAIN, .request = &pin_shape, .response = &person_shape },
  { "POST", "/users/badge", "setUserBadge", "accounts", "Set the badge by which one switches to a person at a kiosk", post_badge, MUSTER_ROUTE_PLAIN, .request = &badge_shape, .response = &person_shape },
  { "GET", "/users/{id:uuid}", "getUser", "accounts", "One person; others than operators see themselves", get_user, MUSTER_ROUTE_PLAIN, .response = &person_shape },
  { "PUT", "/users/{id:uuid}", "updateUser", "accounts", "Change a person; people change their own name, e-mail, telephone and address", update_user, MUSTER_ROUTE_UPDATE | MUSTER_ROUTE_PARTIAL, .request = &person_shape, .response = &person_shape },
  { "DELETE", "/users/{id:uuid}", "deleteUser", "accounts", "Delete a person", delete_user, MUSTER_ROUTE_UPDATE },
  { "PUT", "/users/{id:uuid}/password", "setUserPassword", "accounts", "Change a password: other sign-ins of the person end", put_password, MUSTER_ROUTE_PLAIN, .request = &password_shape, .response = &person_shape },
};
/* clang-format on */

void
muster_user_resource_add (MusterRouter *router, MusterAccounts *accounts)
{
  muster_router_add (router, routes, G_N_ELEMENTS (routes), G_OBJECT (accounts));
}
