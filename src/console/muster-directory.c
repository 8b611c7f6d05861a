/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-directory"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-calls.h"
#include "model/muster-person.h"
#include "muster-directory.h"

#define MAX_PEOPLE 1000

struct _MusterDirectory
{
  GObject parent_instance;

  MusterApiClient *client;  /* (owned) */
  GPtrArray       *people;  /* (owned) (nullable) (element-type MusterEntity) by name */
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

  if (value == NULL)
    {
      /* Not everybody may read the list; then the journal's own words stand. */
      g_debug ("no names of people: %s", error->message);
      return dex_future_new_true ();
    }
  g_clear_pointer (&self->people, g_ptr_array_unref);
  self->people = g_ptr_array_ref (muster_api_page_get_items (g_value_get_object (value)));
  g_signal_emit (self, signals[CHANGED], 0);
  return dex_future_new_true ();
}

void
muster_directory_reload (MusterDirectory *self)
{
  const MusterApiListQuery query = { .sort = "name", .limit = MAX_PEOPLE };

  g_return_if_fail (MUSTER_IS_DIRECTORY (self));

  dex_clear (&self->reading);
  self->reading =
    dex_future_finally (muster_api_call_page (self->client,
                                              muster_api_request_new ("GET", "users", "", NULL),
                                              &query, &muster_person_info),
                        muster_directory_read_cb, self, NULL);
}

static void
muster_directory_dispose (GObject *object)
{
  MusterDirectory *self = MUSTER_DIRECTORY (object);

  dex_clear (&self->reading);
  g_clear_object (&self->client);
  g_clear_pointer (&self->people, g_ptr_array_unref);
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

static const char *
find_person (MusterDirectory *self, const char *id)
{
  for (unsigned i = 0; self->people != NULL && i < self->people->len; i++)
    if (g_strcmp0 (muster_entity_get_id (self->people->pdata[i]), id) == 0)
      return muster_entity_get_string (self->people->pdata[i], "name");
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

char **
muster_directory_list (MusterDirectory *self)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  g_return_val_if_fail (MUSTER_IS_DIRECTORY (self), NULL);

  for (unsigned i = 0; self->people != NULL && i < self->people->len; i++)
    {
      MusterEntity    *person = self->people->pdata[i];
      g_autofree char *actor = g_strconcat ("person:", muster_entity_get_id (person), NULL);

      g_strv_builder_add_many (builder, actor, muster_entity_get_string (person, "name"), NULL);
    }
  return g_strv_builder_end (builder);
}
