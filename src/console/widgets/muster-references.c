/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-references"

#include "config.h"

#include "client/muster-api-collection.h"
#include "client/muster-api-journal.h"
#include "model/muster-alert-rule.h"
#include "model/muster-alert.h"
#include "model/muster-attachment.h"
#include "model/muster-batch.h"
#include "model/muster-delivery.h"
#include "model/muster-device-group.h"
#include "model/muster-device.h"
#include "model/muster-duty-calendar.h"
#include "model/muster-escalation.h"
#include "model/muster-factory-batch.h"
#include "model/muster-firmware-artifact.h"
#include "model/muster-flash-batch.h"
#include "model/muster-firmware-set.h"
#include "model/muster-location.h"
#include "model/muster-notification-channel.h"
#include "model/muster-order-item.h"
#include "model/muster-order.h"
#include "model/muster-person.h"
#include "model/muster-product.h"
#include "model/muster-rollout-group.h"
#include "model/muster-rollout.h"
#include "model/muster-signing-key.h"
#include "model/muster-stocktake.h"
#include "model/muster-test-plan.h"
#include "muster-references.h"

/* A request at a time names so many. */
#define AT_A_TIME 200
/* A site has fewer products and places; of devices those looked at last would do. */
#define MAX_KEPT 20000

#define KEY "muster-references"

static const MusterEntityInfo *const infos[] = {
  &muster_alert_info,
  &muster_alert_rule_info,
  &muster_duty_calendar_info,
  &muster_escalation_info,
  &muster_notification_channel_info,
  &muster_attachment_info,
  &muster_batch_info,
  &muster_delivery_info,
  &muster_device_info,
  &muster_device_group_info,
  &muster_location_info,
  &muster_order_info,
  &muster_order_item_info,
  &muster_person_info,
  &muster_factory_batch_info,
  &muster_firmware_artifact_info,
  &muster_flash_batch_info,
  &muster_firmware_set_info,
  &muster_product_info,
  &muster_rollout_group_info,
  &muster_rollout_info,
  &muster_signing_key_info,
  &muster_stocktake_info,
  &muster_test_plan_info,
};

/* The records of one entity. */
typedef struct
{
  const MusterEntityInfo *info;
  GHashTable *known;  /* (element-type utf8 MusterEntity) NULL: there is no such record */
  GHashTable *wanted; /* (element-type utf8) ids to ask for */
  DexFuture  *asking; /* (owned) (nullable) */
  char      **asked;  /* (owned) (nullable) ids that `asking` is about */
} Shelf;

struct _MusterReferences
{
  GObject parent_instance;

  MusterSession         *session; /* (unowned): it owns this */
  MusterApiSubscription *journal; /* (owned) */
  Shelf                  shelves[G_N_ELEMENTS (infos)];
  unsigned               ask_id;     /* idle */
  unsigned               generation; /* of what is known: another moment, another person */
};

G_DEFINE_FINAL_TYPE (MusterReferences, muster_references, G_TYPE_OBJECT)

enum
{
  CHANGED,
  N_SIGNALS,
};

static unsigned signals[N_SIGNALS];

const MusterEntityInfo *
muster_reference_find_info (const char *entity)
{
  for (unsigned i = 0; i < G_N_ELEMENTS (infos); i++)
    if (g_strcmp0 (infos[i]->name, entity) == 0)
      return infos[i];
  return NULL;
}

/* All its versions are called the same. */
static const char *
get_version_title (MusterEntity *firmware)
{
  char *title = g_object_get_data (G_OBJECT (firmware), KEY);

  if (title == NULL)
    {
      title = g_strdup_printf ("%s %s", muster_entity_get_string (firmware, "name"),
                               muster_entity_get_string (firmware, "version"));
      g_object_set_data_full (G_OBJECT (firmware), KEY, title, g_free);
    }
  return title;
}

const char *
muster_reference_get_title (MusterEntity *record)
{
  const MusterEntityInfo *info = muster_entity_get_info (record);
  const char             *title = NULL;

  if (info == &muster_firmware_artifact_info || info == &muster_firmware_set_info)
    return get_version_title (record);
  if (info == &muster_location_info)
    title = muster_entity_get_string (record, "path");
  if (title == NULL || *title == '\0')
    title = muster_entity_get_string (record, info->title_field);
  return title != NULL ? title : muster_entity_get_id (record);
}

static Shelf *
find_shelf (MusterReferences *self, const char *entity)
{
  for (unsigned i = 0; i < G_N_ELEMENTS (infos); i++)
    if (g_strcmp0 (infos[i]->name, entity) == 0)
      return &self->shelves[i];
  return NULL;
}

static void
keep (Shelf *shelf, const char *id, MusterEntity *record)
{
  if (g_hash_table_size (shelf->known) >= MAX_KEPT)
    g_hash_table_remove_all (shelf->known);
  g_hash_table_insert (shelf->known, g_strdup (id), record != NULL ? g_object_ref (record) : NULL);
}

/* --- asking --- */

static void muster_references_queue (MusterReferences *self);

/* Whatever the answer leaves out does not exist, or not for this person. */
static void
take_answer (Shelf *shelf, MusterApiPage *page)
{
  for (unsigned i = 0; shelf->asked[i] != NULL; i++)
    keep (shelf, shelf->asked[i], NULL);
  for (unsigned i = 0; page != NULL && i < muster_api_page_get_length (page); i++)
    {
      MusterEntity *record = muster_api_page_get (page, i);

      keep (shelf, muster_entity_get_id (record), record);
    }
}

typedef struct
{
  GWeakRef owner;
  unsigned shelf;
  unsigned generation;
} Question;

static void
question_free (gpointer data)
{
  Question *question = data;

  g_weak_ref_clear (&question->owner);
  g_free (question);
}

static DexFuture *
muster_references_answered_cb (DexFuture *future, gpointer user_data)
{
  Question *question = user_data;
  g_autoptr (MusterReferences) self = g_weak_ref_get (&question->owner);
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);
  Shelf        *shelf;

  if (self == NULL)
    return dex_future_new_true ();
  shelf = &self->shelves[question->shelf];
  if (value == NULL)
    g_message ("could not read what %s are called: %s", shelf->info->path, error->message);
  if (question->generation == self->generation)
    take_answer (shelf, value != NULL ? g_value_get_object (value) : NULL);
  g_clear_pointer (&shelf->asked, g_strfreev);
  dex_clear (&shelf->asking);
  muster_references_queue (self);
  g_signal_emit (self, signals[CHANGED], 0);
  return dex_future_new_true ();
}

static void
ask (MusterReferences *self, unsigned number)
{
  Shelf *shelf = &self->shelves[number];
  g_autoptr (GStrvBuilder) ids = g_strv_builder_new ();
  GHashTableIter iter;
  gpointer       id;
  unsigned       count = 0;
  Question      *question;

  g_hash_table_iter_init (&iter, shelf->wanted);
  while (count < AT_A_TIME && g_hash_table_iter_next (&iter, &id, NULL))
    {
      g_strv_builder_add (ids, id);
      g_hash_table_iter_remove (&iter);
      count++;
    }
  if (count == 0)
    return;
  shelf->asked = g_strv_builder_end (ids);
  question = g_new0 (Question, 1);
  g_weak_ref_init (&question->owner, self);
  question->shelf = number;
  question->generation = self->generation;
  shelf->asking = dex_future_finally (
    muster_api_collection_list_by_ids (muster_session_get_client (self->session), shelf->info,
                                       (const char *const *)shelf->asked),
    muster_references_answered_cb, question, question_free);
}

static void
muster_references_ask_cb (gpointer user_data)
{
  MusterReferences *self = user_data;

  self->ask_id = 0;
  for (unsigned i = 0; i < G_N_ELEMENTS (self->shelves); i++)
    if (self->shelves[i].asking == NULL)
      ask (self, i);
}

static void
muster_references_queue (MusterReferences *self)
{
  gboolean wanted = FALSE;

  for (unsigned i = 0; i < G_N_ELEMENTS (self->shelves); i++)
    wanted |= g_hash_table_size (self->shelves[i].wanted) > 0;
  if (wanted && self->ask_id == 0)
    self->ask_id = g_idle_add_once (muster_references_ask_cb, self);
}

static gboolean
is_asked (Shelf *shelf, const char *id)
{
  return shelf->asked != NULL && g_strv_contains ((const char *const *)shelf->asked, id);
}

/* Whoever works here knows themselves, also where they may not look people up. */
static MusterEntity *
find_oneself (MusterReferences *self, Shelf *shelf, const char *id)
{
  MusterPerson *person = muster_access_get_person (muster_session_get_access (self->session));

  return shelf->info == &muster_person_info && person != NULL &&
             g_strcmp0 (muster_entity_get_id (MUSTER_ENTITY (person)), id) == 0
           ? MUSTER_ENTITY (person)
           : NULL;
}

MusterEntity *
muster_references_lookup (MusterReferences *self, const char *entity, const char *id)
{
  Shelf   *shelf;
  gpointer record;

  g_return_val_if_fail (MUSTER_IS_REFERENCES (self), NULL);

  shelf = find_shelf (self, entity);
  if (shelf == NULL || id == NULL)
    return NULL;
  if ((record = find_oneself (self, shelf, id)) != NULL)
    return record;
  if (g_hash_table_lookup_extended (shelf->known, id, NULL, &record))
    return record;
  if (!is_asked (shelf, id))
    {
      g_hash_table_add (shelf->wanted, g_strdup (id));
      muster_references_queue (self);
    }
  return NULL;
}

const char *
muster_references_get_name (MusterReferences *self, const char *entity, const char *id)
{
  MusterEntity *record = muster_references_lookup (self, entity, id);

  return record != NULL ? muster_reference_get_title (record) : NULL;
}

void
muster_references_keep (MusterReferences *self, MusterEntity *record)
{
  Shelf *shelf;

  g_return_if_fail (MUSTER_IS_REFERENCES (self));

  shelf = find_shelf (self, muster_entity_get_info (record)->name);
  if (shelf != NULL)
    keep (shelf, muster_entity_get_id (record), record);
}

/* --- changes as they happen --- */

static void
muster_references_journal_cb (MusterReferences *self,
                              const char       *topic,
                              const char       *subject,
                              JsonObject       *data)
{
  g_autoptr (MusterApiChange) change = muster_api_change_new_from_json (data, NULL);
  Shelf *shelf = change != NULL ? find_shelf (self, muster_api_change_get_entity (change)) : NULL;

  if (shelf == NULL)
    return;
  /* The answer may be of before the change. */
  if (is_asked (shelf, muster_api_change_get_entity_id (change)))
    g_hash_table_add (shelf->wanted, g_strdup (muster_api_change_get_entity_id (change)));
  /* A place that is called otherwise changes the path of every place within it. */
  if (shelf->info == &muster_location_info)
    g_hash_table_remove_all (shelf->known);
  else if (!g_hash_table_remove (shelf->known, muster_api_change_get_entity_id (change)))
    return;
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
forget_all (MusterReferences *self)
{
  self->generation++;
  for (unsigned i = 0; i < G_N_ELEMENTS (self->shelves); i++)
    g_hash_table_remove_all (self->shelves[i].known);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
muster_references_ready_cb (MusterReferences *self, gboolean resumed)
{
  if (!resumed)
    forget_all (self);
}

/* --- life --- */

static void
unref_record (gpointer record)
{
  g_clear_object (&record);
}

static void
muster_references_dispose (GObject *object)
{
  MusterReferences *self = MUSTER_REFERENCES (object);

  g_clear_handle_id (&self->ask_id, g_source_remove);
  if (self->journal != NULL)
    muster_api_subscription_close (self->journal);
  g_clear_object (&self->journal);
  for (unsigned i = 0; i < G_N_ELEMENTS (self->shelves); i++)
    {
      Shelf *shelf = &self->shelves[i];

      dex_clear (&shelf->asking);
      g_clear_pointer (&shelf->asked, g_strfreev);
      g_clear_pointer (&shelf->known, g_hash_table_unref);
      g_clear_pointer (&shelf->wanted, g_hash_table_unref);
    }
  G_OBJECT_CLASS (muster_references_parent_class)->dispose (object);
}

static void
muster_references_class_init (MusterReferencesClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = muster_references_dispose;
  signals[CHANGED] = g_signal_new ("changed", MUSTER_TYPE_REFERENCES, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
muster_references_init (MusterReferences *self)
{
  for (unsigned i = 0; i < G_N_ELEMENTS (infos); i++)
    {
      self->shelves[i].info = infos[i];
      self->shelves[i].known =
        g_hash_table_new_full (g_str_hash, g_str_equal, g_free, unref_record);
      self->shelves[i].wanted = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
    }
}

MusterReferences *
muster_references_get (MusterSession *session)
{
  MusterReferences *self;

  g_return_val_if_fail (MUSTER_IS_SESSION (session), NULL);

  self = g_object_get_data (G_OBJECT (session), KEY);
  if (self != NULL)
    return self;
  self = g_object_new (MUSTER_TYPE_REFERENCES, NULL);
  self->session = session;
  self->journal =
    muster_api_stream_subscribe (muster_session_get_stream (session), "journal", NULL, NULL, -1);
  g_signal_connect_object (self->journal, "event", G_CALLBACK (muster_references_journal_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->journal, "ready", G_CALLBACK (muster_references_ready_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::as-of", G_CALLBACK (forget_all), self,
                           G_CONNECT_SWAPPED);
  /* Somebody else may see other records. */
  g_signal_connect_object (session, "notify::rights", G_CALLBACK (forget_all), self,
                           G_CONNECT_SWAPPED);
  g_object_set_data_full (G_OBJECT (session), KEY, self, g_object_unref);
  return self;
}
