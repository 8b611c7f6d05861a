/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-alert-book"

#include "config.h"

#include "model/muster-device-event.h"
#include "model/muster-time.h"
#include "muster-alert-book.h"

struct _MusterAlertBook
{
  GHashTable *by_id;   /* (owned) (element-type utf8 MusterAlertEntry) */
  GHashTable *by_key;  /* (owned) (element-type utf8 MusterAlertEntry) */
  GHashTable *offline; /* (owned) (element-type utf8 MusterAlertEntry): by device */
  GHashTable *ended;   /* (owned) (element-type utf8 Ended): by key */
};

/* What ended by itself a little while ago. */
typedef struct
{
  char  *id; /* (owned) */
  gint64 at;
} Ended;

static void
ended_free (gpointer data)
{
  g_free (((Ended *)data)->id);
  g_free (data);
}

static void
entry_free (gpointer data)
{
  MusterAlertEntry *self = data;

  g_free (self->id);
  g_free (self->key);
  g_free (self->rule_id);
  g_free (self->device_id);
  g_free (self->metric);
  g_free (self->cause_id);
  g_free (self->title);
  g_free (self);
}

MusterAlertBook *
muster_alert_book_new (void)
{
  MusterAlertBook *self = g_new (MusterAlertBook, 1);

  self->by_id = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, entry_free);
  self->by_key = g_hash_table_new (g_str_hash, g_str_equal);
  self->offline = g_hash_table_new (g_str_hash, g_str_equal);
  self->ended = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, ended_free);
  return self;
}

void
muster_alert_book_free (MusterAlertBook *self)
{
  g_hash_table_unref (self->ended);
  g_hash_table_unref (self->offline);
  g_hash_table_unref (self->by_key);
  g_hash_table_unref (self->by_id);
  g_free (self);
}

void
muster_alert_book_remove (MusterAlertBook *self, const char *id)
{
  MusterAlertEntry *entry = g_hash_table_lookup (self->by_id, id);

  if (entry == NULL)
    return;
  if (g_hash_table_lookup (self->by_key, entry->key) == entry)
    g_hash_table_remove (self->by_key, entry->key);
  if (entry->device_id != NULL && g_hash_table_lookup (self->offline, entry->device_id) == entry)
    g_hash_table_remove (self->offline, entry->device_id);
  g_hash_table_remove (self->by_id, id);
}

static MusterAlertEntry *
entry_new (MusterEntity *alert)
{
  MusterAlertEntry *self = g_new0 (MusterAlertEntry, 1);

  self->id = g_strdup (muster_entity_get_id (alert));
  self->key = g_strdup (muster_entity_get_string (alert, "dedupe_key"));
  self->rule_id = g_strdup (muster_entity_get_string (alert, "rule_id"));
  self->device_id = g_strdup (muster_entity_get_string (alert, "device_id"));
  self->metric = g_strdup (muster_entity_get_string (alert, "metric"));
  return self;
}

static void
entry_fill (MusterAlertEntry *self, MusterEntity *alert)
{
  self->status = muster_entity_get_enum (alert, "status");
  self->cause_kind = muster_entity_get_enum (alert, "cause_kind");
  self->severity = muster_entity_get_enum (alert, "severity");
  self->raised_at = muster_entity_get_integer (alert, "raised_at");
  self->silenced_until = muster_entity_get_integer (alert, "silenced_until");
  self->children = muster_entity_get_integer (alert, "children");
  g_set_str (&self->cause_id, muster_entity_get_string (alert, "cause_id"));
  g_set_str (&self->title, muster_entity_get_string (alert, "title"));
}

MusterAlertEntry *
muster_alert_book_put (MusterAlertBook *self, MusterEntity *alert)
{
  const char       *id = muster_entity_get_id (alert);
  MusterAlertEntry *entry = g_hash_table_lookup (self->by_id, id);

  if (muster_entity_get_enum (alert, "status") == MUSTER_ALERT_STATUS_RESOLVED)
    {
      muster_alert_book_remove (self, id);
      return NULL;
    }
  if (entry == NULL)
    {
      entry = entry_new (alert);
      g_hash_table_insert (self->by_id, entry->id, entry);
      g_hash_table_insert (self->by_key, entry->key, entry);
    }
  entry_fill (entry, alert);
  return entry;
}

static int
get_enum (JsonObject *members, const char *name, const MusterEnum *enumeration, int otherwise)
{
  int value =
    muster_enum_parse (enumeration, json_object_get_string_member_with_default (members, name, ""));

  return value >= 0 ? value : otherwise;
}

void
muster_alert_book_apply (MusterAlertBook *self, const char *id, JsonObject *members)
{
  MusterAlertEntry *entry = g_hash_table_lookup (self->by_id, id);
  const char *until = json_object_get_string_member_with_default (members, "silenced_until", NULL);

  if (entry == NULL)
    return;
  entry->status = get_enum (members, "status", &muster_alert_status_enum, (int)entry->status);
  entry->severity = get_enum (members, "severity", &muster_severity_enum, entry->severity);
  entry->cause_kind =
    get_enum (members, "cause_kind", &muster_alert_cause_enum, (int)entry->cause_kind);
  if (json_object_has_member (members, "cause_id"))
    g_set_str (&entry->cause_id,
               json_object_get_string_member_with_default (members, "cause_id", NULL));
  if (json_object_has_member (members, "silenced_until") &&
      (until == NULL || !muster_time_parse (until, &entry->silenced_until)))
    entry->silenced_until = 0;
  if (entry->status == MUSTER_ALERT_STATUS_RESOLVED)
    muster_alert_book_remove (self, id);
}

void
muster_alert_book_mark_reach (MusterAlertBook *self, MusterAlertEntry *entry)
{
  entry->is_reach = TRUE;
  if (entry->metric == NULL && entry->device_id != NULL)
    g_hash_table_replace (self->offline, entry->device_id, entry);
}

MusterAlertEntry *
muster_alert_book_find_offline (MusterAlertBook *self, const char *device_id)
{
  return device_id != NULL ? g_hash_table_lookup (self->offline, device_id) : NULL;
}

MusterAlertEntry *
muster_alert_book_find (MusterAlertBook *self, const char *key)
{
  return g_hash_table_lookup (self->by_key, key);
}

MusterAlertEntry *
muster_alert_book_get (MusterAlertBook *self, const char *id)
{
  return id != NULL ? g_hash_table_lookup (self->by_id, id) : NULL;
}

GHashTable *
muster_alert_book_get_all (MusterAlertBook *self)
{
  return self->by_id;
}

void
muster_alert_book_note_ended (MusterAlertBook *self, const char *key, const char *id, gint64 at)
{
  Ended *ended = g_new (Ended, 1);

  *ended = (Ended){ g_strdup (id), at };
  g_hash_table_replace (self->ended, g_strdup (key), ended);
}

char *
muster_alert_book_take_ended (MusterAlertBook *self, const char *key, gint64 after)
{
  Ended *ended = g_hash_table_lookup (self->ended, key);
  char  *id = ended != NULL && ended->at > after ? g_strdup (ended->id) : NULL;

  g_hash_table_remove (self->ended, key);
  return id;
}

static gboolean
is_older (gpointer key, gpointer value, gpointer before)
{
  return ((Ended *)value)->at <= *(gint64 *)before;
}

void
muster_alert_book_forget_ended (MusterAlertBook *self, gint64 before)
{
  g_hash_table_foreach_remove (self->ended, is_older, &before);
}

char *
muster_alert_make_rule_key (const char *rule_id, const char *device_id, const char *metric)
{
  return g_strdup_printf ("rule:%s:%s:%s", rule_id, device_id, metric != NULL ? metric : "");
}

char *
muster_alert_make_cause_key (MusterAlertCause kind, const char *id)
{
  return g_strdup_printf ("cause:%s:%s", muster_enum_get_nick (&muster_alert_cause_enum, kind),
                          id != NULL ? id : "");
}
