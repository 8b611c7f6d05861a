/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-port-table"

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "muster-port-table.h"

#define NET_PREFIX "net:"
#define TCP_PREFIX "tcp:"

typedef struct
{
  GPtrArray    *claimed; /* (owned) (element-type utf8): by what name, once a claim */
  char         *holder;
  char         *name;
  MusterPortUse use;
} Hold;

struct _MusterPortTable
{
  GObject     parent_instance;
  GHashTable *holds; /* (owned) what the port is told from others by → (owned) Hold */
};

G_DEFINE_FINAL_TYPE (MusterPortTable, muster_port_table, G_TYPE_OBJECT)

enum
{
  FREED,
  N_SIGNALS,
};

static unsigned signals[N_SIGNALS];

static void
hold_free (gpointer data)
{
  Hold *self = data;

  g_ptr_array_unref (self->claimed);
  g_free (self->holder);
  g_free (self->name);
  g_free (self);
}

/* The one name of PORT: (transfer full). */
static char *
make_key (const char *port)
{
  char *resolved = *port == '/' ? realpath (port, NULL) : NULL;
  char *key = NULL;

  if (g_str_has_prefix (port, NET_PREFIX))
    return g_strconcat (TCP_PREFIX, port + strlen (NET_PREFIX), NULL);
  key = g_strdup (resolved != NULL ? resolved : port);
  free (resolved);
  return key;
}

gboolean
muster_port_is_same (const char *one, const char *other)
{
  g_autofree char *one_key = NULL;
  g_autofree char *other_key = NULL;

  g_return_val_if_fail (one != NULL && other != NULL, FALSE);

  one_key = make_key (one);
  other_key = make_key (other);
  return g_str_equal (one_key, other_key);
}

static gboolean
find_claim (Hold *hold, const char *port, guint *index)
{
  return g_ptr_array_find_with_equal_func (hold->claimed, port, g_str_equal, index);
}

/* The hold on PORT, with its key (borrowed) into KEY; NULL: nobody has it. A board that restarts
 * takes its link below /dev/serial with it for a while: then the name counts that was claimed. */
static Hold *
find (MusterPortTable *self, const char *port, char **key)
{
  g_autofree char *wanted = make_key (port);
  GHashTableIter   iter;
  Hold            *hold = NULL;

  if (g_hash_table_lookup_extended (self->holds, wanted, (gpointer *)key, (gpointer *)&hold))
    return hold;
  g_hash_table_iter_init (&iter, self->holds);
  while (g_hash_table_iter_next (&iter, (gpointer *)key, (gpointer *)&hold))
    if (find_claim (hold, port, NULL))
      return hold;
  return NULL;
}

gboolean
muster_port_table_claim (MusterPortTable *self,
                         const char      *port,
                         MusterPortUse    use,
                         const char      *holder,
                         const char      *name)
{
  char *key = NULL;
  Hold *hold = NULL;

  g_return_val_if_fail (MUSTER_IS_PORT_TABLE (self), FALSE);
  g_return_val_if_fail (port != NULL && holder != NULL, FALSE);

  hold = find (self, port, &key);
  if (hold == NULL)
    {
      hold = g_new0 (Hold, 1);
      hold->claimed = g_ptr_array_new_with_free_func (g_free);
      hold->holder = g_strdup (holder);
      hold->name = g_strdup (name);
      hold->use = use;
      g_hash_table_insert (self->holds, make_key (port), hold);
    }
  else if (!g_str_equal (hold->holder, holder))
    return FALSE;
  g_ptr_array_add (hold->claimed, g_strdup (port));
  return TRUE;
}

void
muster_port_table_release (MusterPortTable *self, const char *port, const char *holder)
{
  char *key = NULL;
  Hold *hold = NULL;
  guint index = 0;

  g_return_if_fail (MUSTER_IS_PORT_TABLE (self));
  g_return_if_fail (port != NULL && holder != NULL);

  hold = find (self, port, &key);
  if (hold == NULL || !g_str_equal (hold->holder, holder) || !find_claim (hold, port, &index))
    return;
  g_ptr_array_remove_index (hold->claimed, index);
  if (hold->claimed->len > 0)
    return;
  g_hash_table_remove (self->holds, key);
  g_signal_emit (self, signals[FREED], 0);
}

char *
muster_port_table_describe (MusterPortTable *self, const char *port)
{
  char       *key = NULL;
  Hold       *hold = NULL;
  const char *name = NULL;

  g_return_val_if_fail (MUSTER_IS_PORT_TABLE (self), NULL);
  g_return_val_if_fail (port != NULL, NULL);

  hold = find (self, port, &key);
  if (hold == NULL)
    return NULL;
  name = hold->name != NULL ? hold->name : hold->holder;
  switch (hold->use)
    {
    case MUSTER_PORT_MADE:
      return g_strdup_printf ("“%s” makes a unit there", name);
    case MUSTER_PORT_TESTED:
      return g_strdup_printf ("“%s” tests a board there", name);
    case MUSTER_PORT_WRITTEN:
    default:
      return g_strdup_printf ("“%s” writes firmware there", name);
    }
}

const char *
muster_port_table_get_holder (MusterPortTable *self, const char *port)
{
  char *key = NULL;
  Hold *hold = NULL;

  g_return_val_if_fail (MUSTER_IS_PORT_TABLE (self), NULL);
  g_return_val_if_fail (port != NULL, NULL);

  hold = find (self, port, &key);
  return hold != NULL ? hold->holder : NULL;
}

char **
muster_port_table_list (MusterPortTable *self)
{
  g_autoptr (GStrvBuilder) ports = g_strv_builder_new ();
  GHashTableIter iter;
  Hold          *hold = NULL;

  g_return_val_if_fail (MUSTER_IS_PORT_TABLE (self), NULL);

  g_hash_table_iter_init (&iter, self->holds);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *)&hold))
    g_strv_builder_add (ports, hold->claimed->pdata[0]);
  return g_strv_builder_end (ports);
}

static void
muster_port_table_finalize (GObject *object)
{
  g_hash_table_unref (MUSTER_PORT_TABLE (object)->holds);
  G_OBJECT_CLASS (muster_port_table_parent_class)->finalize (object);
}

static void
muster_port_table_class_init (MusterPortTableClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_port_table_finalize;
  signals[FREED] = g_signal_new ("freed", MUSTER_TYPE_PORT_TABLE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 0);
}

static void
muster_port_table_init (MusterPortTable *self)
{
  self->holds = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, hold_free);
}

MusterPortTable *
muster_port_table_new (void)
{
  return g_object_new (MUSTER_TYPE_PORT_TABLE, NULL);
}
