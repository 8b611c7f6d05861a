/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-group-filter"

#include "config.h"

#include "muster-group-filter.h"

static void
append (GString *query, const char *name, const char *value)
{
  if (query->len > 0)
    g_string_append_c (query, '&');
  g_string_append_printf (query, "%s=", name);
  g_string_append_uri_escaped (query, value, ",", FALSE);
}

char *
muster_group_filter_build (const char *text, const char *const *filters)
{
  g_autoptr (GString) query = g_string_new (NULL);

  g_return_val_if_fail (filters != NULL, NULL);

  if (text != NULL && *text != '\0')
    append (query, "q", text);
  for (unsigned i = 0; filters[i] != NULL; i += 2)
    append (query, filters[i], filters[i + 1]);
  return query->len > 0 ? g_string_free_and_steal (g_steal_pointer (&query)) : NULL;
}

gboolean
muster_group_filter_parse (const char *filter, char **text, char ***filters)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autofree char *found = NULL;
  GUriParamsIter   iter;
  g_autoptr (GError) error = NULL;
  char *name, *value;

  g_return_val_if_fail (filter != NULL && text != NULL && filters != NULL, FALSE);

  g_uri_params_iter_init (&iter, filter, -1, "&", G_URI_PARAMS_NONE);
  while (g_uri_params_iter_next (&iter, &name, &value, &error))
    {
      if (g_str_equal (name, "q"))
        g_set_str (&found, value);
      else
        g_strv_builder_add_many (builder, name, value, NULL);
      g_free (name);
      g_free (value);
    }
  if (error != NULL)
    return FALSE;
  *text = found != NULL ? g_steal_pointer (&found) : g_strdup ("");
  *filters = g_strv_builder_end (builder);
  return TRUE;
}
