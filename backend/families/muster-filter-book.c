/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-filter-book"

#include "config.h"

#include <string.h>

#include "core/muster-promise.h"
#include "muster-family-host-private.h"

#define APPLY_DELAY_MS 5 /* so that what comes together is compared together */

typedef struct
{
  char    *text;
  unsigned n_users;
  int      qos;
  int      subscribed; /* at this quality; -1: not */
  gboolean is_wide;    /* has wildcards */
} Filter;

struct _MusterFilterBook
{
  MusterMqttClient *client;  /* (owned) */
  GHashTable       *filters; /* (owned): text → Filter */
  guint             apply_id;
};

static void
filter_free (gpointer data)
{
  Filter *self = data;

  g_free (self->text);
  g_free (self);
}

MusterFilterBook *
muster_filter_book_new (MusterMqttClient *client)
{
  MusterFilterBook *self = g_new0 (MusterFilterBook, 1);

  self->client = g_object_ref (client);
  self->filters = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, filter_free);
  return self;
}

void
muster_filter_book_free (MusterFilterBook *self)
{
  if (self == NULL)
    return;
  g_clear_handle_id (&self->apply_id, g_source_remove);
  g_hash_table_unref (self->filters);
  g_object_unref (self->client);
  g_free (self);
}

static gboolean
muster_filter_book_apply_cb (gpointer user_data)
{
  MusterFilterBook *self = user_data;

  self->apply_id = 0;
  muster_filter_book_apply (self);
  return G_SOURCE_REMOVE;
}

static void
queue_apply (MusterFilterBook *self)
{
  if (self->apply_id == 0)
    self->apply_id = g_timeout_add (APPLY_DELAY_MS, muster_filter_book_apply_cb, self);
}

void
muster_filter_book_add (MusterFilterBook *self, const char *text, int qos)
{
  Filter *filter = g_hash_table_lookup (self->filters, text);

  if (filter == NULL)
    {
      filter = g_new0 (Filter, 1);
      filter->text = g_strdup (text);
      filter->subscribed = -1;
      filter->is_wide = strpbrk (text, "+#") != NULL;
      g_hash_table_insert (self->filters, filter->text, filter);
    }
  filter->n_users++;
  filter->qos = MAX (filter->qos, qos);
  queue_apply (self);
}

void
muster_filter_book_remove (MusterFilterBook *self, const char *text)
{
  Filter *filter = g_hash_table_lookup (self->filters, text);

  if (filter == NULL || --filter->n_users > 0)
    return;
  if (filter->subscribed >= 0)
    muster_disown_logged (G_LOG_LEVEL_DEBUG, muster_mqtt_client_unsubscribe (self->client, text),
                          "unsubscribing");
  g_hash_table_remove (self->filters, text);
  /* It may have covered others. */
  queue_apply (self);
}

void
muster_filter_book_reset (MusterFilterBook *self)
{
  GHashTableIter iter;
  Filter        *filter = NULL;

  g_hash_table_iter_init (&iter, self->filters);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *)&filter))
    filter->subscribed = -1;
}

/* Whether every topic of INNER is one of OUTER (MQTT 3.1.1, 4.7). */
static gboolean
covers (const char *outer, const char *inner)
{
  for (;;)
    {
      gsize x = strcspn (outer, "/");
      gsize y = strcspn (inner, "/");

      if (*outer == '#')
        return TRUE;
      if (*inner == '#' ||
          (!(x == 1 && *outer == '+') && !(x == y && memcmp (outer, inner, x) == 0)))
        return FALSE;
      outer += x;
      inner += y;
      if (*outer == '\0' || *inner == '\0')
        return *outer == *inner || (*inner == '\0' && strcmp (outer, "/#") == 0);
      outer++;
      inner++;
    }
}

static gboolean
is_covered (GPtrArray *wide, const Filter *filter)
{
  for (guint i = 0; i < wide->len; i++)
    if (wide->pdata[i] != filter && covers (((Filter *)wide->pdata[i])->text, filter->text))
      return TRUE;
  return FALSE;
}

void
muster_filter_book_apply (MusterFilterBook *self)
{
  g_autoptr (GPtrArray) wide = g_ptr_array_new ();
  GHashTableIter iter;
  Filter        *filter = NULL;

  if (muster_mqtt_client_get_state (self->client) != MUSTER_MQTT_CONNECTED)
    return;
  g_hash_table_iter_init (&iter, self->filters);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *)&filter))
    if (filter->is_wide)
      g_ptr_array_add (wide, filter);
  g_hash_table_iter_init (&iter, self->filters);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *)&filter))
    {
      int wanted = is_covered (wide, filter) ? -1 : filter->qos;

      if (wanted == filter->subscribed)
        continue;
      muster_disown_logged (G_LOG_LEVEL_MESSAGE,
                            wanted >= 0
                              ? muster_mqtt_client_subscribe (self->client, filter->text, wanted)
                              : muster_mqtt_client_unsubscribe (self->client, filter->text),
                            "cannot listen to devices of other makes");
      filter->subscribed = wanted;
    }
}
