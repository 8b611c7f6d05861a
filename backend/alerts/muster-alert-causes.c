/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-alert-causes"

#include "config.h"

#include <string.h>

#include "model/muster-device-event.h"
#include "model/muster-uuid.h"
#include "muster-alert-service-private.h"
#include "muster-alert-text.h"

/* After a cause has ended what it explained has so long to come back before people are told of it
 * by itself. */
#define ORPHAN_PATIENCE (30 * G_USEC_PER_SEC)

/* One look for causes. */
typedef struct
{
  MusterAlertService *service;
  MusterAlertFold    *fold; /* (owned) */
  GHashTable *counts;       /* (owned) (element-type utf8 gpointer): children by id of the cause */
  GHashTable *verdicts;     /* (owned) (element-type utf8 MusterAlertVerdict): by the same */
  GPtrArray  *made;         /* (owned) (element-type MusterAlertWrite): causes that are new */
} Look;

static void
look_clear (Look *self)
{
  muster_alert_fold_free (self->fold);
  g_hash_table_unref (self->counts);
  g_hash_table_unref (self->verdicts);
  g_ptr_array_unref (self->made);
}

void
muster_alert_service_fold_soon (MusterAlertService *self)
{
  gint64 wait = muster_alert_service_get_setting (self, MUSTER_SETTING_ALERTS_FOLD_SECONDS);

  if (self->fold_at == G_MAXINT64)
    self->fold_at = muster_alert_service_get_now (self) + wait * G_USEC_PER_SEC;
  muster_alert_service_schedule (self);
}

/* --- causes --- */

static const char *
get_cause_name (MusterAlertService *self, const MusterAlertVerdict *verdict)
{
  MusterAlertPlace *place = muster_alert_site_get_place (self->site, verdict->id);

  return verdict->kind == MUSTER_ALERT_CAUSE_PLACE && place != NULL
           ? place->path
           : muster_alert_site_get_unit_name (self->site, verdict->id);
}

static MusterAlertEntry *
make_cause (Look *self, const MusterAlertVerdict *verdict, const char *key)
{
  gint64           now = muster_alert_service_get_now (self->service);
  g_autofree char *id = muster_uuid_new (now);
  g_autofree char *title =
    muster_alert_make_cause_title (verdict, get_cause_name (self->service, verdict));
  g_autoptr (MusterEntity) alert = muster_entity_new (&muster_alert_info);
  MusterAlertWrite *write = muster_alert_write_new (MUSTER_ALERT_RAISE, id);
  MusterAlertUnit  *unit = muster_alert_site_get_unit (self->service->site, verdict->id);

  muster_entity_set_string (alert, "id", id);
  muster_entity_set_string (alert, "dedupe_key", key);
  muster_entity_set_string (alert, "title", title);
  muster_entity_set_enum (alert, "cause_kind", (int)verdict->kind);
  muster_entity_set_enum (alert, "severity", muster_enum_parse (&muster_severity_enum, "error"));
  muster_entity_set_integer (alert, "raised_at", now);
  muster_entity_set_integer (alert, "last_at", now);
  if (verdict->kind == MUSTER_ALERT_CAUSE_PLACE)
    muster_entity_set_string (alert, "location_id", verdict->id);
  else if (unit != NULL)
    {
      muster_entity_set_string (alert, "device_id", unit->id);
      muster_entity_set_string (alert, "location_id", unit->location_id);
      muster_entity_set_string (alert, "product_id", unit->product_id);
    }
  write->alert = g_object_ref (alert);
  g_ptr_array_add (self->made, write);
  return muster_alert_book_put (self->service->book, alert);
}

static MusterAlertEntry *
ensure_cause (Look *self, const MusterAlertVerdict *verdict)
{
  g_autofree char  *key = muster_alert_make_cause_key (verdict->kind, verdict->id);
  MusterAlertEntry *entry = muster_alert_book_find (self->service->book, key);

  /* A gateway's own alert says it already. */
  if (entry == NULL && verdict->kind != MUSTER_ALERT_CAUSE_PLACE &&
      verdict->kind != MUSTER_ALERT_CAUSE_BROKER)
    entry = muster_alert_book_find_offline (self->service->book, verdict->id);
  if (entry == NULL)
    entry = make_cause (self, verdict, key);
  entry->cause_kind = verdict->kind;
  if (!g_hash_table_contains (self->verdicts, entry->id))
    g_hash_table_insert (self->verdicts, g_strdup (entry->id),
                         g_memdup2 (verdict, sizeof *verdict));
  return entry;
}

/* What explains ENTRY, or NULL. A metric that does not come from a device that is not reached is
 * explained by that. */
static MusterAlertEntry *
find_cause (Look *self, MusterAlertEntry *entry)
{
  MusterAlertVerdict verdict = muster_alert_fold_explain (self->fold, entry->device_id);
  MusterAlertUnit   *unit = muster_alert_site_get_unit (self->service->site, entry->device_id);
  MusterAlertEntry  *cause = NULL;

  if (verdict.kind != MUSTER_ALERT_CAUSE_NONE &&
      (verdict.kind == MUSTER_ALERT_CAUSE_BROKER || unit == NULL ||
       muster_alert_unit_is_unreachable (unit)))
    cause = ensure_cause (self, &verdict);
  else if (entry->metric != NULL)
    cause = muster_alert_book_find_offline (self->service->book, entry->device_id);
  return cause != entry ? cause : NULL;
}

static void
count_child (Look *self, const char *cause_id)
{
  gpointer count = g_hash_table_lookup (self->counts, cause_id);

  g_hash_table_insert (self->counts, g_strdup (cause_id),
                       GUINT_TO_POINTER (GPOINTER_TO_UINT (count) + 1));
}

/* --- what is known already --- */

static void
fold_entry (Look *self, MusterAlertEntry *entry, const char *cause_id)
{
  MusterAlertWrite *write = muster_alert_write_new (MUSTER_ALERT_FOLD, entry->id);

  write->cause_id = g_strdup (cause_id);
  g_set_str (&entry->cause_id, cause_id);
  muster_alert_queue_add (self->service->queue, write);
  if (cause_id != NULL)
    count_child (self, cause_id);
}

/* Ids of the entries for which TEST holds: (transfer full). */
static GPtrArray *
list_entries (MusterAlertService *self, gboolean (*test) (MusterAlertService *, MusterAlertEntry *))
{
  GPtrArray        *ids = g_ptr_array_new_with_free_func (g_free);
  GHashTableIter    iter;
  MusterAlertEntry *entry = NULL;

  g_hash_table_iter_init (&iter, muster_alert_book_get_all (self->book));
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *)&entry))
    if (test (self, entry))
      g_ptr_array_add (ids, g_strdup (entry->id));
  return ids;
}

static gboolean
is_unexplained (MusterAlertService *self, MusterAlertEntry *entry)
{
  return entry->is_reach && entry->cause_id == NULL;
}

static gboolean
is_orphan (MusterAlertService *self, MusterAlertEntry *entry)
{
  return entry->cause_id != NULL && muster_alert_book_get (self->book, entry->cause_id) == NULL;
}

static gboolean
is_own_cause (MusterAlertService *self, MusterAlertEntry *entry)
{
  return g_str_has_prefix (entry->key, "cause:");
}

/* --- the look --- */

/* Causes come before what they explain, as the records point at each other. */
static unsigned
get_depth (MusterAlertService *self, const MusterAlertWrite *write)
{
  MusterAlertEntry *entry = muster_alert_book_get (self->book, write->id);
  unsigned          depth = 0;

  while (entry != NULL && entry->cause_id != NULL && depth < 8)
    {
      entry = muster_alert_book_get (self->book, entry->cause_id);
      depth++;
    }
  return depth;
}

static int
compare_depth (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const MusterAlertWrite *const *first = a;
  const MusterAlertWrite *const *second = b;

  return (int)get_depth (user_data, *first) - (int)get_depth (user_data, *second);
}

static void
release_held (Look *self)
{
  MusterAlertService *service = self->service;
  g_autoptr (GPtrArray) all = g_ptr_array_new ();

  g_ptr_array_extend_and_steal (all, g_steal_pointer (&self->made));
  self->made = g_ptr_array_new ();
  g_ptr_array_extend_and_steal (all, g_steal_pointer (&service->held));
  service->held = g_ptr_array_new_with_free_func (muster_alert_write_free);
  g_ptr_array_sort_with_data (all, compare_depth, service);
  for (guint i = 0; i < all->len; i++)
    {
      MusterAlertWrite *write = all->pdata[i];
      MusterAlertEntry *entry = muster_alert_book_get (service->book, write->id);

      if (entry != NULL)
        muster_entity_set_string (write->alert, "cause_id", entry->cause_id);
      muster_alert_queue_add (service->queue, write);
    }
}

static void
explain_held (Look *self)
{
  for (guint i = 0; i < self->service->held->len; i++)
    {
      MusterAlertWrite *write = self->service->held->pdata[i];
      MusterAlertEntry *entry = muster_alert_book_get (self->service->book, write->id);
      MusterAlertEntry *cause = entry != NULL ? find_cause (self, entry) : NULL;

      if (cause == NULL)
        continue;
      g_set_str (&entry->cause_id, cause->id);
      count_child (self, cause->id);
    }
}

/* Those that were told before their cause was seen. */
static void
explain_others (Look *self)
{
  g_autoptr (GPtrArray) ids = list_entries (self->service, is_unexplained);

  for (guint i = 0; i < ids->len; i++)
    {
      MusterAlertEntry *entry = muster_alert_book_get (self->service->book, ids->pdata[i]);
      MusterAlertEntry *cause = NULL;

      cause = entry != NULL ? find_cause (self, entry) : NULL;
      if (cause != NULL)
        fold_entry (self, entry, cause->id);
    }
}

static void
write_counts (Look *self)
{
  GHashTableIter iter;
  const char    *id = NULL;
  gpointer       count = NULL;

  g_hash_table_iter_init (&iter, self->counts);
  while (g_hash_table_iter_next (&iter, (gpointer *)&id, &count))
    {
      MusterAlertEntry   *entry = muster_alert_book_get (self->service->book, id);
      MusterAlertVerdict *verdict = g_hash_table_lookup (self->verdicts, id);
      MusterAlertWrite   *write = muster_alert_write_new (MUSTER_ALERT_COUNT, id);

      write->n_children = GPOINTER_TO_UINT (count);
      write->cause_kind = entry != NULL ? (int)entry->cause_kind : MUSTER_ALERT_CAUSE_NONE;
      if (entry != NULL && verdict != NULL && is_own_cause (self->service, entry))
        write->title =
          muster_alert_make_cause_title (verdict, get_cause_name (self->service, verdict));
      muster_alert_queue_add (self->service->queue, write);
    }
}

/* Causes of Muster's own making end when they no longer hold; others by their rule. */
static void
end_causes (Look *self)
{
  g_autoptr (GPtrArray) ids = list_entries (self->service, is_own_cause);

  for (guint i = 0; i < ids->len; i++)
    {
      MusterAlertEntry *entry = muster_alert_book_get (self->service->book, ids->pdata[i]);
      const char       *about = entry != NULL ? strrchr (entry->key, ':') + 1 : NULL;

      if (entry != NULL && !muster_alert_fold_still_holds (self->fold, entry->cause_kind, about))
        muster_alert_service_end (self->service, entry->id,
                                  muster_alert_service_get_now (self->service));
    }
}

/* Nothing explains the silence of devices before it is noticed; but the broker's is worth an alert
 * by itself. */
static void
ensure_broker (Look *self)
{
  const MusterAlertVerdict verdict = { MUSTER_ALERT_CAUSE_BROKER };

  if (self->service->broker_is_down)
    ensure_cause (self, &verdict);
}

static Look
look_begin (MusterAlertService *service)
{
  return (Look){
    .service = service,
    .fold = muster_alert_fold_new (service->site, service->broker_is_down),
    .counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL),
    .verdicts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free),
    .made = g_ptr_array_new (),
  };
}

static void
look_end (Look *self)
{
  release_held (self);
  write_counts (self);
  look_clear (self);
}

void
muster_alert_service_fold (MusterAlertService *self)
{
  Look look = look_begin (self);
  g_autoptr (GPtrArray) orphans = NULL;

  end_causes (&look);
  ensure_broker (&look);
  explain_held (&look);
  release_held (&look);
  explain_others (&look);
  look_end (&look);
  self->fold_at = G_MAXINT64;
  orphans = list_entries (self, is_orphan);
  if (orphans->len > 0 && self->orphans_at == G_MAXINT64)
    self->orphans_at = muster_alert_service_get_now (self) + ORPHAN_PATIENCE;
}

void
muster_alert_service_adopt_orphans (MusterAlertService *self)
{
  Look look = look_begin (self);
  g_autoptr (GPtrArray) ids = list_entries (self, is_orphan);

  self->orphans_at = G_MAXINT64;
  for (guint i = 0; i < ids->len; i++)
    {
      MusterAlertEntry *entry = muster_alert_book_get (self->book, ids->pdata[i]);
      MusterAlertEntry *cause = entry->is_reach ? find_cause (&look, entry) : NULL;

      fold_entry (&look, entry, cause != NULL ? cause->id : NULL);
    }
  look_end (&look);
}
