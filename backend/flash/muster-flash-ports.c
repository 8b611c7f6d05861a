/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-flash-ports"

#include "config.h"

#include "muster-flash-ports.h"

static int
compare (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 (*(const char *const *)a, *(const char *const *)b);
}

static void
add_all (GPtrArray *ports, const char *folder, const char *const *prefixes)
{
  g_autoptr (GDir) directory = g_dir_open (folder, 0, NULL);
  const char *name = NULL;

  while (directory != NULL && (name = g_dir_read_name (directory)) != NULL)
    for (unsigned i = 0; prefixes[i] != NULL; i++)
      if (g_str_has_prefix (name, prefixes[i]))
        {
          g_ptr_array_add (ports, g_build_filename (folder, name, NULL));
          break;
        }
}

/* Whether PATH is what one of PORTS points to. */
static gboolean
is_named (GPtrArray *ports, const char *path)
{
  g_autofree char *wanted = g_path_get_basename (path);

  for (guint i = 0; i < ports->len; i++)
    {
      g_autofree char *target = g_file_read_link (ports->pdata[i], NULL);
      g_autofree char *name = target != NULL ? g_path_get_basename (target) : NULL;

      if (g_strcmp0 (name, wanted) == 0)
        return TRUE;
    }
  return FALSE;
}

char **
muster_flash_ports_list (const char *folder)
{
  static const char *const any[] = { "", NULL };
  static const char *const numbered[] = { "ttyUSB", "ttyACM", "ttyAMA", NULL };
  g_autofree char         *by_id = g_build_filename (folder, "serial", "by-id", NULL);
  g_autoptr (GPtrArray) ports = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) others = g_ptr_array_new_with_free_func (g_free);

  g_return_val_if_fail (folder != NULL, NULL);

  add_all (ports, by_id, any);
  add_all (others, folder, numbered);
  for (guint i = 0; i < others->len; i++)
    if (!is_named (ports, others->pdata[i]))
      g_ptr_array_add (ports, g_strdup (others->pdata[i]));
  g_ptr_array_sort (ports, compare);
  g_ptr_array_add (ports, NULL);
  return (char **)g_ptr_array_free (g_steal_pointer (&ports), FALSE);
}
