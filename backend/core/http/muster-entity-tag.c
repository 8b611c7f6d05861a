/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-entity-tag"

#include "config.h"

#include <string.h>

#include "muster-entity-tag.h"

gint64
muster_entity_tag_parse (const char *tag)
{
  g_autofree char *digits = NULL;
  gsize            length;
  gint64           revision = 0;

  if (g_str_has_prefix (tag, "W/"))
    tag += 2;
  length = strlen (tag);
  if (length < 3 || tag[0] != '"' || tag[length - 1] != '"')
    return 0;
  digits = g_strndup (tag + 1, length - 2);
  return g_ascii_string_to_signed (digits, 10, 1, G_MAXINT64, &revision, NULL) ? revision : 0;
}

gboolean
muster_entity_tag_matches (const char *if_none_match, gint64 revision)
{
  g_auto (GStrv) tags = g_strsplit (if_none_match, ",", 32);

  for (char **tag = tags; *tag != NULL; tag++)
    if (strcmp (g_strstrip (*tag), "*") == 0 || muster_entity_tag_parse (*tag) == revision)
      return TRUE;
  return FALSE;
}
