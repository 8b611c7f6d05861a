/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-metric-name"

#include "config.h"

#include <string.h>

#include "muster-metric-name.h"

const char *
muster_metric_name_get_label (const char *name)
{
  const char *slash = strrchr (name, '/');

  return slash != NULL && slash[1] != '\0' ? slash + 1 : name;
}

char *
muster_metric_name_get_folder (const char *name)
{
  const char *label = muster_metric_name_get_label (name);

  return g_strndup (name, label > name ? label - name - 1 : 0);
}

static unsigned
rank_name (const char *name)
{
  static const char *const about_itself[] = { "Diagnostics/", "Node Control/", "Node Info/",
                                              "Device Control/", "Properties/" };

  for (unsigned i = 0; i < G_N_ELEMENTS (about_itself); i++)
    if (g_str_has_prefix (name, about_itself[i]))
      return 1 + i;
  return 0;
}

gboolean
muster_metric_name_is_diagnostic (const char *name)
{
  return rank_name (name) > 0;
}

static int
compare_naturally (const char *first, const char *second)
{
  g_autofree char *first_key = g_utf8_collate_key_for_filename (first, -1);
  g_autofree char *second_key = g_utf8_collate_key_for_filename (second, -1);

  return strcmp (first_key, second_key);
}

int
muster_metric_name_compare (const char *first, const char *second)
{
  g_autofree char *first_folder = muster_metric_name_get_folder (first);
  g_autofree char *second_folder = muster_metric_name_get_folder (second);
  int              order = (int)rank_name (first) - (int)rank_name (second);

  if (order == 0)
    order = compare_naturally (first_folder, second_folder);
  return order != 0 ? order
                    : compare_naturally (muster_metric_name_get_label (first),
                                         muster_metric_name_get_label (second));
}
