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

/* The next of LIST, which is moved behind it: its text between the quotes, of LENGTH. NULL at the
 * end, and where something else stands. */
static const char *
take_tag (const char **list, gsize *length, gboolean *is_weak)
{
  const char *text = *list + strspn (*list, " \t,");
  const char *end;

  *is_weak = g_str_has_prefix (text, "W/");
  if (*is_weak)
    text += 2;
  if (*text != '"' || (end = strchr (text + 1, '"')) == NULL)
    return NULL;
  *length = end - text - 1;
  *list = end + 1;
  return text + 1;
}

gboolean
muster_entity_tag_list_has (const char *list, const char *tag, gboolean is_strong)
{
  const char *text;
  gsize       length;
  gboolean    is_weak;

  list += strspn (list, " \t");
  if (*list == '*')
    return list[1 + strspn (list + 1, " \t")] == '\0';
  while (tag != NULL && (text = take_tag (&list, &length, &is_weak)) != NULL)
    if (length == strlen (tag) && memcmp (text, tag, length) == 0 && !(is_weak && is_strong))
      return TRUE;
  return FALSE;
}
