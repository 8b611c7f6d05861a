/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-rights"

#include "config.h"

#include "muster-rights.h"

/* The words that the table is written in. */
enum
{
  ADMINISTRATOR = MUSTER_ROLES_OF (MUSTER_ROLE_ADMINISTRATOR),
  OPERATOR = MUSTER_ROLES_OF (MUSTER_ROLE_OPERATOR),
  TECHNICIAN = MUSTER_ROLES_OF (MUSTER_ROLE_TECHNICIAN),
  VIEWER = MUSTER_ROLES_OF (MUSTER_ROLE_VIEWER),
  CUSTOMER = MUSTER_ROLES_OF (MUSTER_ROLE_CUSTOMER),
  DEVICE = MUSTER_ROLES_OF (MUSTER_ROLE_DEVICE),
  PEER = MUSTER_ROLES_OF (MUSTER_ROLE_PEER),
  NOBODY = MUSTER_ROLES_NOBODY,
#define SET(name, roles) name = (roles),
#define RIGHT(operation, roles)
#include "muster-rights.def"
#undef SET
#undef RIGHT
};

static const MusterRight rights[] = {
#define SET(name, roles)
#define RIGHT(operation, roles) { #operation, (roles) },
#include "muster-rights.def"
#undef SET
#undef RIGHT
};

static GHashTable *
make_index (void)
{
  GHashTable *index = g_hash_table_new (g_str_hash, g_str_equal);

  for (unsigned i = 0; i < G_N_ELEMENTS (rights); i++)
    if (!g_hash_table_insert (index, (gpointer)rights[i].operation, (gpointer)&rights[i]))
      g_error ("muster-rights.def names %s twice", rights[i].operation);
  return index;
}

const MusterRight *
muster_rights_list (unsigned *n_rights)
{
  g_return_val_if_fail (n_rights != NULL, NULL);

  *n_rights = G_N_ELEMENTS (rights);
  return rights;
}

const MusterRight *
muster_rights_find (const char *operation)
{
  static gsize index;

  g_return_val_if_fail (operation != NULL, NULL);

  if (g_once_init_enter (&index))
    g_once_init_leave (&index, (gsize)make_index ());
  return g_hash_table_lookup ((GHashTable *)index, operation);
}

gboolean
muster_rights_has_customers (const char *entity)
{
  static const char *const entities[] = { "order", "delivery", NULL };

  g_return_val_if_fail (entity != NULL, FALSE);

  return g_strv_contains (entities, entity);
}

gboolean
muster_rights_allow (const char *operation, MusterRole role)
{
  const MusterRight *right = muster_rights_find (operation);

  return right != NULL && (right->roles & MUSTER_ROLES_OF (role)) != 0;
}

char *
muster_roles_to_string (MusterRoles roles)
{
  GString *text = g_string_new (NULL);

  for (int role = MUSTER_ROLE_ADMINISTRATOR; role <= MUSTER_ROLE_PEER; role++)
    if (roles & MUSTER_ROLES_OF (role))
      g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "",
                              muster_role_enum.values[role].nick);
  return g_string_free_and_steal (text);
}
