/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-directory"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-accounts.h"
#include "client/muster-api-json.h"
#include "muster-directory.h"

struct _MusterDirectory
{
  GObject parent_instance;

  MusterApiClient *client;  /* (owned) */
  JsonArray       *people;  /* (owned) (nullable) by name: {id, name, role, has_pin, disabled} */
  DexFuture       *reading; /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (MusterDirectory, muster_directory, G_TYPE_OBJECT)

enum
{
  CHANGED,
  N_SIGNALS,
};

static unsigned signals[N_SIGNALS];

static DexFuture *
muster_directory_read_cb (DexFuture *future, gpointer user_data)
{
  MusterDirectory *self = user_data;
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);
  JsonArray    *people;

  if (value == NULL)
    {
      /* Not everybody may read the list; then the journal's own words stand. */
      g_debug ("no names of people: %s", error->message);
      return dex_future_new_true ();
    }
  people = muster_api_json_get_array (g_value_get_boxed (value), "items");
  g_clear_pointer (&self->people, json_array_unref);
  self->people = people != NULL ? json_array_ref (people) : NULL;
  g_signal_emit (self, signals[CHANGED], 0);
  return dex_future_new_true ();
}

void
muster_directory_reload (MusterDirectory *self)
{
  g_return_if_fail (MUSTER_IS_DIRECTORY (self));

  dex_clear (&self->reading);
  self->reading = dex_future_finally (muster_api_users_list_names (self->client),
                                      muster_directory_read_cb, self, NULL);
}

static void
muster_directory_dispose (GObject *object)
{
  MusterDirectory *self = MUSTER_DIRECTORY (object);

  dex_clear (&self->reading);
  g_clear_object (&self->client);
  g_clear_pointer (&self->people, json_array_unref);
  G_OBJECT_CLASS (muster_directory_parent_class)->dispose (object);
}

static void
muster_directory_class_init (MusterDirectoryClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = muster_directory_dispose;
  signals[CHANGED] = g_signal_new ("changed", MUSTER_TYPE_DIRECTORY, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
muster_directory_init (MusterDirectory *self)
{
}

MusterDirectory *
muster_directory_new (MusterApiClient *client)
{
  MusterDirectory *self;

  g_return_val_if_fail (MUSTER_IS_API_CLIENT (client), NULL);

  self = g_object_new (MUSTER_TYPE_DIRECTORY, NULL);
  self->client = g_object_ref (client);
  return self;
}

static unsigned
count_people (MusterDirectory *self)
{
  return self->people != NULL ? json_array_get_length (self->people) : 0;
}

static JsonObject *
get_person (MusterDirectory *self, unsigned index)
{
  return muster_api_json_as_object (json_array_get_element (self->people, index));
}

static const char *
find_person (MusterDirectory *self, const char *id)
{
  for (unsigned i = 0; i < count_people (self); i++)
    {
      JsonObject *person = get_person (self, i);

      if (person != NULL && g_strcmp0 (muster_api_json_get_string (person, "id"), id) == 0)
        return muster_api_json_get_string (person, "name");
    }
  return NULL;
}

char *
muster_directory_dup_name (MusterDirectory *self, const char *actor)
{
  g_auto (GStrv) parts = NULL;
  const char *id, *name;

  g_return_val_if_fail (MUSTER_IS_DIRECTORY (self), NULL);

  if (actor == NULL)
    return g_strdup (_ ("Somebody"));
  parts = g_strsplit (actor, ":", 2);
  id = parts[0] != NULL ? parts[1] : NULL;
  if (g_strcmp0 (parts[0], "person") == 0)
    {
      name = find_person (self, id);
      return g_strdup (name != NULL ? name : _ ("A person who is no longer here"));
    }
  if (g_strcmp0 (parts[0], "local") == 0)
    /* Translators: %s is the name of a user of this machine. */
    return g_strdup_printf (_ ("%s on this machine"), id);
  if (g_strcmp0 (parts[0], "system") == 0)
    return g_strdup (_ ("Muster itself"));
  if (g_strcmp0 (parts[0], "device") == 0)
    return g_strdup (_ ("A device"));
  if (g_strcmp0 (parts[0], "key") == 0)
    return g_strdup (_ ("A program with an API key"));
  if (g_strcmp0 (parts[0], "token") == 0)
    return g_strdup (_ ("The site’s token"));
  return g_strdup (actor);
}

static char **
list (MusterDirectory *self, const char *prefix, gboolean with_pin)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (unsigned i = 0; i < count_people (self); i++)
    {
      JsonObject      *person = get_person (self, i);
      const char      *id = person != NULL ? muster_api_json_get_string (person, "id") : NULL;
      const char      *name = person != NULL ? muster_api_json_get_string (person, "name") : NULL;
      g_autofree char *key = NULL;

      if (id == NULL || name == NULL ||
          (with_pin && (!muster_api_json_get_boolean (person, "has_pin") ||
                        muster_api_json_get_boolean (person, "disabled"))))
        continue;
      key = g_strconcat (prefix, id, NULL);
      g_strv_builder_add_many (builder, key, name, NULL);
    }
  return g_strv_builder_end (builder);
}

char **
muster_directory_list (MusterDirectory *self)
{
  g_return_val_if_fail (MUSTER_IS_DIRECTORY (self), NULL);

  return list (self, "person:", FALSE);
}

char **
muster_directory_list_with_pin (MusterDirectory *self)
{
  g_return_val_if_fail (MUSTER_IS_DIRECTORY (self), NULL);

  return list (self, "", TRUE);
}
