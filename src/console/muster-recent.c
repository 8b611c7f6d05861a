/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-recent"

#include "config.h"

#include "muster-recent.h"

#define KEY "recent"
#define MAX_RECENT 8

static void
recent_free (gpointer data)
{
  MusterRecent *self = data;

  g_free (self->kind);
  g_free (self->id);
  g_free (self->title);
  g_free (self);
}

static void
add (GPtrArray *recent, const char *kind, const char *id, const char *title)
{
  MusterRecent *one = g_new0 (MusterRecent, 1);

  one->kind = g_strdup (kind);
  one->id = g_strdup (id);
  one->title = g_strdup (title);
  g_ptr_array_add (recent, one);
}

GPtrArray *
muster_recent_list (GSettings *settings)
{
  GPtrArray *recent = g_ptr_array_new_with_free_func (recent_free);
  g_autoptr (GVariant) stored = settings != NULL ? g_settings_get_value (settings, KEY) : NULL;
  GVariantIter iter;
  const char  *kind, *id, *title;

  if (stored == NULL)
    return recent;
  g_variant_iter_init (&iter, stored);
  while (g_variant_iter_next (&iter, "(&s&s&s)", &kind, &id, &title))
    add (recent, kind, id, title);
  return recent;
}

void
muster_recent_note (GSettings *settings, const char *kind, const char *id, const char *title)
{
  GVariantBuilder builder;
  unsigned        n_stored = 1;
  g_autoptr (GPtrArray) recent = muster_recent_list (settings);

  g_return_if_fail (kind != NULL && id != NULL && title != NULL);

  if (settings == NULL)
    return;
  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a(sss)"));
  g_variant_builder_add (&builder, "(sss)", kind, id, title);
  for (unsigned i = 0; i < recent->len && n_stored < MAX_RECENT; i++)
    {
      const MusterRecent *one = recent->pdata[i];

      if (g_str_equal (one->id, id))
        continue;
      g_variant_builder_add (&builder, "(sss)", one->kind, one->id, one->title);
      n_stored++;
    }
  g_settings_set_value (settings, KEY, g_variant_builder_end (&builder));
}
