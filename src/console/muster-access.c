/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-access"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-accounts.h"
#include "client/muster-api-json.h"
#include "client/muster-api-stream.h"
#include "client/muster-fiber.h"
#include "model/muster-rights.h"
#include "muster-access.h"

struct _MusterAccess
{
  GObject parent_instance;

  MusterApiClient *client;  /* (owned) */
  GHashTable      *allowed; /* (owned) (nullable) set of operations; NULL: not known */
  MusterPerson    *person;  /* (owned) (nullable) */
  char            *name;    /* (owned) (nullable) */
  char            *actor;   /* (owned) (nullable) */
  int              role;    /* MusterRole, or -1 */
  gboolean         known;   /* who it is was read once */
  gboolean         open;    /* where it is not known: whether everything is allowed */
  unsigned         reloads; /* until now */
};

G_DEFINE_FINAL_TYPE (MusterAccess, muster_access, G_TYPE_OBJECT)

typedef enum
{
  PROP_RIGHTS = 1,
} MusterAccessProperty;

static GParamSpec *properties[PROP_RIGHTS + 1];

static void
take_rights (MusterAccess *self, JsonObject *rights)
{
  JsonArray  *operations = muster_api_json_get_array (rights, "operations");
  const char *role = muster_api_json_get_string (rights, "role");

  g_clear_pointer (&self->allowed, g_hash_table_unref);
  self->role = role != NULL ? muster_enum_parse (&muster_role_enum, role) : -1;
  g_set_str (&self->name, muster_api_json_get_string (rights, "name"));
  /* The live stream speaks for whoever opened it. */
  if (g_set_str (&self->actor, muster_api_json_get_string (rights, "actor")) && self->known)
    muster_api_stream_renew (muster_api_client_get_stream (self->client));
  self->known = TRUE;
  if (operations == NULL)
    return;
  self->allowed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (unsigned i = 0; i < json_array_get_length (operations); i++)
    {
      const char *operation = json_node_get_string (json_array_get_element (operations, i));

      if (operation != NULL)
        g_hash_table_add (self->allowed, g_strdup (operation));
    }
}

static DexFuture *
muster_access_reload_fiber (gpointer user_data)
{
  MusterAccess  *self = user_data;
  const unsigned number = self->reloads;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) rights = dex_await_boxed (muster_api_rights_get (self->client), &error);
  /* Whoever is none of the site's people is nobody in particular. */
  g_autoptr (MusterPerson) person = dex_await_object (muster_api_users_get_me (self->client), NULL);

  /* Somebody else has signed in meanwhile, and is asked for. */
  if (number != self->reloads)
    return dex_future_new_true ();
  if (rights != NULL)
    take_rights (self, rights);
  else
    {
      g_message ("could not read what may be done: %s", error->message);
      /* A site that has no such thing refuses nobody. */
      self->open |= g_error_matches (error, MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND);
    }
  g_set_object (&self->person, person);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RIGHTS]);
  return dex_future_new_true ();
}

/* Another person has other rights. */
static void
muster_access_sign_in_cb (MusterAccess *self)
{
  dex_future_disown (muster_access_reload (self));
}

static void
muster_access_dispose (GObject *object)
{
  MusterAccess *self = MUSTER_ACCESS (object);

  g_clear_object (&self->client);
  g_clear_object (&self->person);
  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->actor, g_free);
  g_clear_pointer (&self->allowed, g_hash_table_unref);
  G_OBJECT_CLASS (muster_access_parent_class)->dispose (object);
}

static void
muster_access_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  MusterAccess *self = MUSTER_ACCESS (object);

  switch ((MusterAccessProperty)prop_id)
    {
    case PROP_RIGHTS:
      g_value_set_boxed (value, self->allowed);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
muster_access_class_init (MusterAccessClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = muster_access_dispose;
  object_class->get_property = muster_access_get_property;
  properties[PROP_RIGHTS] = g_param_spec_boxed ("rights", NULL, NULL, G_TYPE_HASH_TABLE,
                                                G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static void
muster_access_init (MusterAccess *self)
{
  self->role = -1;
}

MusterAccess *
muster_access_new (MusterApiClient *client)
{
  MusterAccess *self;

  g_return_val_if_fail (MUSTER_IS_API_CLIENT (client), NULL);

  self = g_object_new (MUSTER_TYPE_ACCESS, NULL);
  self->client = g_object_ref (client);
  self->open = muster_api_client_is_local (client);
  g_signal_connect_object (client, "sign-in-changed", G_CALLBACK (muster_access_sign_in_cb), self,
                           G_CONNECT_SWAPPED);
  return self;
}

DexFuture *
muster_access_reload (MusterAccess *self)
{
  dex_return_error_if_fail (MUSTER_IS_ACCESS (self));

  self->reloads++;
  return muster_fiber_spawn (NULL, 0, muster_access_reload_fiber, g_object_ref (self),
                             g_object_unref);
}

gboolean
muster_access_may (MusterAccess *self, const char *operation)
{
  g_return_val_if_fail (MUSTER_IS_ACCESS (self), FALSE);
  g_return_val_if_fail (operation != NULL, FALSE);

  return self->allowed != NULL ? g_hash_table_contains (self->allowed, operation) : self->open;
}

/* What operations that only ask are called. */
static const char *const asking[] = {
  "get",     "list",   "explain",      "export",      "query",  "backtest",
  "check",   "verify", "resolve",      "open",        "poll",   "search",
  "preview", "expand", "authenticate", "refreshUser", "logout", NULL,
};

gboolean
muster_access_changes (const char *operation)
{
  g_return_val_if_fail (operation != NULL, TRUE);

  for (const char *const *verb = asking; *verb != NULL; verb++)
    if (g_str_has_prefix (operation, *verb) && !g_str_equal (operation, "resolveAlert"))
      return FALSE;
  return TRUE;
}

/* "operators and administrators": those of ROLES that people have. (transfer full) */
static char *
list_roles (MusterRoles roles)
{
  static const char *const plurals[] = { N_ ("administrators"), N_ ("operators"),
                                         N_ ("technicians"), N_ ("viewers"), N_ ("customers") };
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  g_autoptr (GString) text = g_string_new (NULL);

  for (int role = G_N_ELEMENTS (plurals) - 1; role >= 0; role--)
    if ((roles & MUSTER_ROLES_OF (role)) != 0)
      g_ptr_array_add (names, (gpointer)_ (plurals[role]));
  for (unsigned i = 0; i < names->len; i++)
    g_string_append_printf (text, "%s%s",
                            i == 0                ? ""
                            : i + 1 == names->len ? _ (" and ")
                                                  : _ (", "),
                            (char *)names->pdata[i]);
  return g_string_free_and_steal (g_steal_pointer (&text));
}

char *
muster_access_explain (MusterAccess *self, const char *operation)
{
  const MusterRight *right;
  g_autofree char   *who = NULL;

  if (muster_access_may (self, operation))
    return NULL;
  right = muster_rights_find (operation);
  who = right != NULL ? list_roles (right->roles) : NULL;
  if (who == NULL || *who == '\0')
    return g_strdup (_ ("Your role does not allow this"));
  /* Translators: %s is "operators and administrators". */
  return g_strdup_printf (_ ("Only %s may do this"), who);
}

int
muster_access_get_role (MusterAccess *self)
{
  g_return_val_if_fail (MUSTER_IS_ACCESS (self), -1);

  return self->role;
}

MusterPerson *
muster_access_get_person (MusterAccess *self)
{
  g_return_val_if_fail (MUSTER_IS_ACCESS (self), NULL);

  return self->person;
}

const char *
muster_access_get_name (MusterAccess *self)
{
  g_return_val_if_fail (MUSTER_IS_ACCESS (self), NULL);

  return self->name;
}

const char *
muster_access_get_actor (MusterAccess *self)
{
  g_return_val_if_fail (MUSTER_IS_ACCESS (self), NULL);

  return self->actor;
}
