/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-match"

#include "config.h"

#include "muster-match.h"

typedef enum
{
  EQUAL,
  BEGINS,
  CONTAINS,
  ABSENT,
} Closeness;

static const char *const fields[] = { "name", "serial", "mac", "address" };

static Closeness
compare_text (const char *text, const char *needle)
{
  g_autofree char *folded = text != NULL ? g_utf8_casefold (text, -1) : NULL;
  const char      *at = folded != NULL ? strstr (folded, needle) : NULL;

  if (at == NULL)
    return ABSENT;
  if (at != folded)
    return CONTAINS;
  return g_str_equal (folded, needle) ? EQUAL : BEGINS;
}

unsigned
muster_match_rank (MusterDevice *device, const char *text)
{
  g_autofree char *stripped = g_strstrip (g_strdup (text));
  g_autofree char *needle = g_utf8_casefold (stripped, -1);
  unsigned         best = ABSENT * G_N_ELEMENTS (fields);

  for (unsigned i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      const char *value = muster_entity_get_string (MUSTER_ENTITY (device), fields[i]);

      best = MIN (best, compare_text (value, needle) * G_N_ELEMENTS (fields) + i);
    }
  return MIN (best, ABSENT * G_N_ELEMENTS (fields));
}

int
muster_match_compare_names (const char *first, const char *second)
{
  g_autofree char *first_key = g_utf8_collate_key_for_filename (first, -1);
  g_autofree char *second_key = g_utf8_collate_key_for_filename (second, -1);

  return strcmp (first_key, second_key);
}

static int
compare_matches (gconstpointer a, gconstpointer b, gpointer user_data)
{
  MusterEntity *const *first = a;
  MusterEntity *const *second = b;
  unsigned             first_rank = muster_match_rank (MUSTER_DEVICE (*first), user_data);
  unsigned             second_rank = muster_match_rank (MUSTER_DEVICE (*second), user_data);

  if (first_rank != second_rank)
    return first_rank < second_rank ? -1 : 1;
  return muster_match_compare_names (muster_entity_get_string (*first, "name"),
                                     muster_entity_get_string (*second, "name"));
}

void
muster_match_sort (GPtrArray *devices, const char *text)
{
  g_ptr_array_sort_with_data (devices, compare_matches, (gpointer)text);
}
