/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-late-joiners"

#include "config.h"

#include "model/muster-device-group-member.h"
#include "model/muster-device-group.h"
#include "model/muster-device.h"
#include "model/muster-firmware-artifact.h"
#include "model/muster-firmware-set.h"
#include "model/muster-update-target.h"
#include "muster-late-joiners.h"
#include "muster-rollout-store.h"
#include "muster-target-query.h"

#define INTERVAL (30 * G_TIME_SPAN_SECOND)
/* Beyond so many, all are looked at. */
#define MOST_NOTED 50000
/* However it comes that something was not noted, all are looked at so often. */
#define WHOLE_INTERVAL (3600 * G_TIME_SPAN_SECOND)

/* What an id that was noted is of. */
typedef enum
{
  OF_DEVICE = 1,
  OF_CLIENT,
} Kind;

struct _MusterLateJoiners
{
  gatomicrefcount ref_count;
  GHashTable     *noted; /* (owned): (owned) id → Kind */
  gboolean        all;
  gint64          looked_at; /* monotonic; 0: never */
  gint64          whole_at;  /* monotonic: when all were looked at */
  int             live_tags; /* atomic: some group has whatever devices match its filter */
};

MusterLateJoiners *
muster_late_joiners_new (void)
{
  MusterLateJoiners *self = g_new0 (MusterLateJoiners, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->noted = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->all = TRUE;
  return self;
}

void
muster_late_joiners_free (MusterLateJoiners *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_hash_table_unref (self->noted);
  g_free (self);
}

/* --- what changed --- */

void
muster_late_joiners_note_all (MusterLateJoiners *self)
{
  g_return_if_fail (self != NULL);

  self->all = TRUE;
  g_hash_table_remove_all (self->noted);
}

static void
note (MusterLateJoiners *self, const char *id, Kind kind)
{
  if (self->all || id == NULL)
    return;
  if (g_hash_table_size (self->noted) >= MOST_NOTED)
    muster_late_joiners_note_all (self);
  else
    g_hash_table_insert (self->noted, g_strdup (id), GINT_TO_POINTER (kind));
}

void
muster_late_joiners_note_device (MusterLateJoiners *self, const char *device_id)
{
  g_return_if_fail (self != NULL && device_id != NULL);

  note (self, device_id, OF_DEVICE);
}

/* Whom a new member of a group is; NULL: of one that left it that is not said. */
static const char *
get_member (MusterJournalEntry *entry)
{
  JsonObject *after = muster_journal_entry_get_after (entry);

  return after != NULL ? json_object_get_string_member_with_default (after, "device_id", NULL)
                       : NULL;
}

void
muster_late_joiners_note (MusterLateJoiners *self, MusterJournalEntry *entry)
{
  const char *entity = muster_journal_entry_get_entity (entry);
  const char *id = muster_journal_entry_get_entity_id (entry);

  g_return_if_fail (self != NULL);

  if (g_str_equal (entity, muster_device_info.name))
    note (self, id, OF_DEVICE);
  else if (g_str_equal (entity, muster_update_target_info.name))
    note (self, id, OF_CLIENT);
  else if (g_str_equal (entity, muster_device_group_member_info.name) && get_member (entry) != NULL)
    note (self, get_member (entry), OF_DEVICE);
  else if (g_str_equal (entity, muster_device_group_member_info.name) ||
           g_str_equal (entity, muster_device_group_info.name) ||
           g_str_equal (entity, muster_firmware_artifact_info.name) ||
           g_str_equal (entity, muster_firmware_set_info.name))
    muster_late_joiners_note_all (self);
}

/* --- looking --- */

/* Whether whom ROLLOUT is for may change without the journal: a filter of devices may ask for
 * anything that is live. */
static gboolean
is_live (MusterLateJoiners *self, MusterEntity *rollout)
{
  const char *clients = muster_entity_get_string (rollout, "target_query");

  return !muster_entity_is_null (rollout, "filter") ||
         !muster_entity_is_null (rollout, "device_group_id") ||
         (clients != NULL &&
          muster_target_query_is_live (clients, g_atomic_int_get (&self->live_tags) != 0));
}

gboolean
muster_late_joiners_is_due (MusterLateJoiners *self, MusterEntity *rollout, gint64 monotonic)
{
  g_return_val_if_fail (self != NULL && MUSTER_IS_ROLLOUT (rollout), FALSE);

  if (self->looked_at != 0 && monotonic - self->looked_at <= INTERVAL)
    return FALSE;
  return self->all || g_hash_table_size (self->noted) > 0 ||
         monotonic - self->whole_at > WHOLE_INTERVAL || is_live (self, rollout);
}

typedef struct
{
  MusterLateJoiners *joiners; /* (owned) */
  MusterEntity      *rollout; /* (owned) */
  GHashTable        *noted;   /* (owned) (nullable): all */
} Question;

static void
question_free (gpointer data)
{
  Question *self = data;

  muster_late_joiners_free (self->joiners);
  g_object_unref (self->rollout);
  g_clear_pointer (&self->noted, g_hash_table_unref);
  g_free (self);
}

/* The devices that were noted, by themselves or by their clients: (transfer full). */
static GHashTable *
list_noted (MusterTransaction *transaction, GHashTable *noted)
{
  GHashTable    *devices = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GHashTableIter iter;
  gpointer       id, kind;

  g_hash_table_iter_init (&iter, noted);
  while (g_hash_table_iter_next (&iter, &id, &kind))
    {
      g_autoptr (MusterEntity) client = NULL;

      if (GPOINTER_TO_INT (kind) == OF_CLIENT)
        client = muster_transaction_get (transaction, &muster_update_target_info, id, NULL);
      if (client != NULL)
        g_hash_table_add (devices, g_strdup (muster_entity_get_string (client, "device_id")));
      else if (GPOINTER_TO_INT (kind) == OF_DEVICE)
        g_hash_table_add (devices, g_strdup (id));
    }
  return devices;
}

/* Whether the members of some group follow from a filter of devices. */
static gboolean
has_live_groups (MusterTransaction *transaction)
{
  g_autoptr (MusterQuery) query = muster_query_new (&muster_device_group_info);
  g_autoptr (GPtrArray) groups = NULL;

  muster_query_set_limit (query, 0);
  groups = muster_transaction_select (transaction, query, NULL);
  for (guint i = 0; groups != NULL && i < groups->len; i++)
    if (!muster_entity_is_null (groups->pdata[i], "filter"))
      return TRUE;
  return groups == NULL;
}

static gboolean
find_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  Question *question = data;
  g_autoptr (GHashTable) only =
              question->noted != NULL ? list_noted (transaction, question->noted) : NULL;
  g_autoptr (GPtrArray) devices =
              muster_rollout_store_list_devices (transaction, question->rollout, only, NULL, error);
  GHashTable *ids = NULL;

  if (devices == NULL)
    return FALSE;
  if (only == NULL)
    g_atomic_int_set (&question->joiners->live_tags, has_live_groups (transaction));
  ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < devices->len; i++)
    g_hash_table_add (ids, g_strdup (muster_entity_get_id (devices->pdata[i])));
  g_value_init (result, G_TYPE_HASH_TABLE);
  g_value_take_boxed (result, ids);
  return TRUE;
}

static DexFuture *
failed_cb (DexFuture *future, gpointer user_data)
{
  muster_late_joiners_note_all (user_data);
  return dex_ref (future);
}

DexFuture *
muster_late_joiners_find (MusterLateJoiners *self,
                          MusterDatabase    *database,
                          MusterEntity      *rollout,
                          gint64             monotonic)
{
  Question *question = NULL;

  dex_return_error_if_fail (self != NULL && MUSTER_IS_ROLLOUT (rollout));

  question = g_new0 (Question, 1);
  g_atomic_ref_count_inc (&self->ref_count);
  question->joiners = self;
  question->rollout = muster_entity_copy (rollout);
  self->looked_at = monotonic;
  if (self->all || monotonic - self->whole_at > WHOLE_INTERVAL || is_live (self, rollout))
    self->whole_at = monotonic;
  else
    question->noted = g_steal_pointer (&self->noted);
  self->all = FALSE;
  g_clear_pointer (&self->noted, g_hash_table_unref);
  self->noted = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_atomic_ref_count_inc (&self->ref_count);
  return dex_future_catch (muster_database_read (database, find_job, question, question_free),
                           failed_cb, self, (GDestroyNotify)muster_late_joiners_free);
}
