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

/* Whether NAME ends with WORD, by whatever its words are parted: "Pulse count", "pulse_count",
 * "PulseCount" do. */
static gboolean
ends_with (const char *name, const char *word)
{
  g_autofree char *lower = g_utf8_strdown (name, -1);
  gsize            length = strlen (lower), word_length = strlen (word);

  if (!g_str_has_suffix (lower, word))
    return FALSE;
  return length == word_length || !g_ascii_isalpha (name[length - word_length - 1]) ||
         g_ascii_isupper (name[length - word_length]);
}

gboolean
muster_metric_name_is_counter (const char *name, const char *unit, gboolean integer)
{
  static const char *const units[] = { "Wh", "kWh", "MWh", "varh", "kvarh", "m³", "m3" };
  static const char *const words[] = { "count",  "counts",   "counter", "counters", "cycles",
                                       "pulses", "packets",  "bytes",   "errors",   "restarts",
                                       "starts", "messages", "total" };
  const char              *label = muster_metric_name_get_label (name);

  for (unsigned i = 0; unit != NULL && i < G_N_ELEMENTS (units); i++)
    if (g_str_equal (units[i], unit))
      return TRUE;
  for (unsigned i = 0; integer && i < G_N_ELEMENTS (words); i++)
    if (ends_with (label, words[i]))
      return TRUE;
  return FALSE;
}
