/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-router"

#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "model/muster-error.h"
#include "model/muster-uuid.h"
#include "muster-router-private.h"

typedef struct _Node Node;

/* One segment of the paths: the fixed ones below it by name, the typed ones in the order of trial.
 */
struct _Node
{
  GHashTable *fixed;    /* (owned) (nullable) (element-type utf8 Node) */
  Node       *typed[3]; /* (owned) (nullable): by MusterParamType */
  GPtrArray  *entries;  /* (owned) (nullable) (element-type MusterRouteEntry): one a method */
};

struct _MusterRouter
{
  GObject parent_instance;

  Node      *root;    /* (owned) */
  GPtrArray *entries; /* (owned) */
};

G_DEFINE_FINAL_TYPE (MusterRouter, muster_router, G_TYPE_OBJECT)

static void
node_free (Node *node)
{
  g_clear_pointer (&node->fixed, g_hash_table_unref);
  g_clear_pointer (&node->entries, g_ptr_array_unref);
  for (guint i = 0; i < G_N_ELEMENTS (node->typed); i++)
    g_clear_pointer (&node->typed[i], node_free);
  g_free (node);
}

static void
route_entry_free (MusterRouteEntry *entry)
{
  for (guint i = 0; i < entry->n_params; i++)
    g_free (entry->params[i].name);
  g_clear_object (&entry->user_data);
  g_free (entry);
}

static Node *
node_add_fixed (Node *node, const char *segment)
{
  Node *child;

  if (node->fixed == NULL)
    node->fixed =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)node_free);
  child = g_hash_table_lookup (node->fixed, segment);
  if (child == NULL)
    {
      child = g_new0 (Node, 1);
      g_hash_table_insert (node->fixed, g_strdup (segment), child);
    }
  return child;
}

/* Reads `{name}` or `{name:type}`. */
static Node *
node_add_param (Node *node, MusterRouteEntry *entry, const char *segment, unsigned position)
{
  MusterRouteParam *param = &entry->params[entry->n_params++];
  g_autofree char  *inner = g_strndup (segment + 1, strlen (segment) - 2);
  char             *colon = strchr (inner, ':');

  if (colon != NULL)
    *colon++ = '\0';
  param->name = g_strdup (inner);
  param->segment = position;
  param->type = colon == NULL                 ? MUSTER_PARAM_TEXT
                : strcmp (colon, "uuid") == 0 ? MUSTER_PARAM_UUID
                                              : MUSTER_PARAM_INTEGER;
  g_assert (colon == NULL || param->type == MUSTER_PARAM_UUID || strcmp (colon, "integer") == 0);
  if (node->typed[param->type] == NULL)
    node->typed[param->type] = g_new0 (Node, 1);
  return node->typed[param->type];
}

/* Who may call ROUTE: by the table, else by what it looks like. */
static MusterRoles
route_get_roles (const MusterRoute *route)
{
  const MusterRight *right = muster_rights_find (route->operation);
  MusterRoles        roles = MUSTER_ROLES_OF (MUSTER_ROLE_ADMINISTRATOR) |
                      MUSTER_ROLES_OF (MUSTER_ROLE_OPERATOR) |
                      MUSTER_ROLES_OF (MUSTER_ROLE_TECHNICIAN);

  if (right != NULL)
    return right->roles;
  if (route->flags & MUSTER_ROUTE_PUBLIC)
    return MUSTER_ROLES_NOBODY | (MUSTER_ROLES_NOBODY - 1);
  if (route->flags & MUSTER_ROUTE_DEVICE)
    roles |= MUSTER_ROLES_OF (MUSTER_ROLE_DEVICE);
  if (strcmp (route->method, "GET") == 0)
    roles |= MUSTER_ROLES_OF (MUSTER_ROLE_VIEWER);
  return roles;
}

static void
muster_router_add_one (MusterRouter *self, const MusterRoute *route, GObject *user_data)
{
  g_auto (GStrv) segments = g_strsplit (route->path + 1, "/", -1);
  MusterRouteEntry *entry = g_new0 (MusterRouteEntry, 1);
  Node             *node = self->root;

  g_assert (route->path[0] == '/');
  entry->route = route;
  entry->user_data = user_data != NULL ? g_object_ref (user_data) : NULL;
  entry->index = self->entries->len;
  entry->roles = route_get_roles (route);
  g_ptr_array_add (self->entries, entry);
  for (unsigned i = 0; segments[i] != NULL && segments[i][0] != '\0'; i++)
    node = segments[i][0] == '{' ? node_add_param (node, entry, segments[i], i)
                                 : node_add_fixed (node, segments[i]);
  if (node->entries == NULL)
    node->entries = g_ptr_array_new ();
  for (guint i = 0; i < node->entries->len; i++)
    g_assert_cmpstr (((MusterRouteEntry *)node->entries->pdata[i])->route->method, !=,
                     route->method);
  g_ptr_array_add (node->entries, entry);
}

void
muster_router_add (MusterRouter      *self,
                   const MusterRoute *routes,
                   unsigned           n_routes,
                   GObject           *user_data)
{
  g_return_if_fail (MUSTER_IS_ROUTER (self));
  g_return_if_fail (user_data == NULL || G_IS_OBJECT (user_data));

  for (unsigned i = 0; i < n_routes; i++)
    muster_router_add_one (self, &routes[i], user_data);
}

/* What is wrong with the rights of ROUTE; NULL when nothing is. */
static const char *
route_find_wrong (const MusterRoute *route)
{
  const MusterRight *right = muster_rights_find (route->operation);

  if (right == NULL)
    return "has no row";
  if (((right->roles & MUSTER_ROLES_NOBODY) != 0) != ((route->flags & MUSTER_ROUTE_PUBLIC) != 0))
    return "and MUSTER_ROUTE_PUBLIC disagree";
  if ((right->roles & MUSTER_ROLES_NOBODY) == 0 && (route->flags & MUSTER_ROUTE_DEVICE) != 0 &&
      (right->roles & MUSTER_ROLES_OF (MUSTER_ROLE_DEVICE)) == 0)
    return "does not let devices, as MUSTER_ROUTE_DEVICE says";
  return NULL;
}

gboolean
muster_router_check_rights (MusterRouter *self, GError **error)
{
  g_autoptr (GString) wrong = g_string_new (NULL);

  g_return_val_if_fail (MUSTER_IS_ROUTER (self), FALSE);

  for (guint i = 0; i < self->entries->len; i++)
    {
      const MusterRoute *route = ((MusterRouteEntry *)self->entries->pdata[i])->route;
      const char        *what = route_find_wrong (route);

      if (what != NULL)
        g_string_append_printf (wrong, "%s%s (%s %s) %s", wrong->len > 0 ? ", " : "",
                                route->operation, route->method, route->path, what);
    }
  if (wrong->len == 0)
    return TRUE;
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_FAILED, "muster-rights.def: %s", wrong->str);
  return FALSE;
}

static gboolean
segment_is_integer (const char *segment)
{
  gint64 value;

  return g_ascii_string_to_signed (segment, 10, G_MININT64, G_MAXINT64, &value, NULL);
}

/* The node at PATH from segment POSITION on; a fixed segment wins over a typed one, and those over
 * plain text. */
static const Node *
node_find (const Node *node, const MusterPath *path, unsigned position)
{
  const char *segment;
  const Node *found = NULL;

  if (position == path->n_segments)
    return node->entries != NULL ? node : NULL;
  segment = path->segments[position];
  if (node->fixed != NULL && (found = g_hash_table_lookup (node->fixed, segment)) != NULL)
    found = node_find (found, path, position + 1);
  if (found == NULL && node->typed[MUSTER_PARAM_UUID] != NULL && muster_uuid_is_valid (segment))
    found = node_find (node->typed[MUSTER_PARAM_UUID], path, position + 1);
  if (found == NULL && node->typed[MUSTER_PARAM_INTEGER] != NULL && segment_is_integer (segment))
    found = node_find (node->typed[MUSTER_PARAM_INTEGER], path, position + 1);
  if (found == NULL && node->typed[MUSTER_PARAM_TEXT] != NULL)
    found = node_find (node->typed[MUSTER_PARAM_TEXT], path, position + 1);
  return found;
}

static char *
node_list_methods (const Node *node)
{
  GString *methods = g_string_new (NULL);

  for (guint i = 0; i < node->entries->len; i++)
    {
      const MusterRouteEntry *entry = node->entries->pdata[i];

      g_string_append_printf (methods, "%s, ", entry->route->method);
      if (strcmp (entry->route->method, "GET") == 0)
        g_string_append (methods, "HEAD, ");
    }
  g_string_append (methods, "OPTIONS");
  return g_string_free_and_steal (methods);
}

const MusterRouteEntry *
muster_router_match (MusterRouter *self, const char *method, const MusterPath *path, char **allow)
{
  const Node *node = node_find (self->root, path, 0);

  if (node == NULL)
    return NULL;
  if (strcmp (method, "HEAD") == 0)
    method = "GET";
  for (guint i = 0; i < node->entries->len; i++)
    {
      const MusterRouteEntry *entry = node->entries->pdata[i];

      if (strcmp (entry->route->method, method) == 0)
        return entry;
    }
  *allow = node_list_methods (node);
  return NULL;
}

GPtrArray *
muster_router_get_entries (MusterRouter *self)
{
  return self->entries;
}

static void
muster_router_finalize (GObject *object)
{
  MusterRouter *self = MUSTER_ROUTER (object);

  g_clear_pointer (&self->root, node_free);
  g_clear_pointer (&self->entries, g_ptr_array_unref);
  G_OBJECT_CLASS (muster_router_parent_class)->finalize (object);
}

static void
muster_router_class_init (MusterRouterClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_router_finalize;
}

static void
muster_router_init (MusterRouter *self)
{
  self->root = g_new0 (Node, 1);
  self->entries = g_ptr_array_new_with_free_func ((GDestroyNotify)route_entry_free);
}

MusterRouter *
muster_router_new (void)
{
  return g_object_new (MUSTER_TYPE_ROUTER, NULL);
}

/* clang-format off */
const MusterField muster_route_as_of_field = { "as_of", MUSTER_FIELD_TIME, MUSTER_FIELD_NULLABLE, .label = N_("As of"), .doc = "Answer as it was at this moment, by the journal; left out, as it is." };
/* clang-format on */

/* What is known of every record and so of every list of records. */
gboolean
muster_route_has_past (const MusterRoute *route)
{
  return (route->flags & MUSTER_ROUTE_PAST) != 0 || route->handler == muster_handle_get ||
         ((route->flags & MUSTER_ROUTE_LIST) != 0 && route->response->entity != NULL);
}
