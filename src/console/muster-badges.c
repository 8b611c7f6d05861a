/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-badges"

#include "config.h"

#include "client/muster-api-devices.h"
#include "client/muster-api-journal.h"
#include "discovery/muster-candidate-model.h"
#include "muster-badges.h"

/* Imports change thousands of records at once: count when they pause. */
#define SETTLE_MSEC 300

struct _MusterBadges
{
  GObject parent_instance;

  MusterSession         *session;    /* (owned) */
  MusterCandidateModel  *candidates; /* (owned) */
  MusterApiSubscription *journal;    /* (owned) */
  DexFuture             *counting;   /* (owned) (nullable) */
  unsigned               count_id;   /* timeout */
  unsigned               devices;
};

G_DEFINE_FINAL_TYPE (MusterBadges, muster_badges, G_TYPE_OBJECT)

enum
{
  CHANGED,
  N_SIGNALS,
};

static unsigned signals[N_SIGNALS];

static void
muster_badges_changed (MusterBadges *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

static DexFuture *
muster_badges_counted_cb (DexFuture *future, gpointer user_data)
{
  MusterBadges *self = user_data;
  const GValue *value = dex_future_get_value (future, NULL);

  if (value != NULL)
    {
      self->devices = MAX (0, muster_api_page_get_total (g_value_get_object (value)));
      muster_badges_changed (self);
    }
  return dex_future_new_true ();
}

static void
muster_badges_count_cb (gpointer user_data)
{
  MusterBadges            *self = user_data;
  const MusterApiListQuery query = { .limit = 1 };

  self->count_id = 0;
  dex_clear (&self->counting);
  self->counting =
    dex_future_finally (muster_api_devices_list (muster_session_get_client (self->session), &query),
                        muster_badges_counted_cb, self, NULL);
}

static void
muster_badges_journal_cb (MusterBadges *self,
                          const char   *topic,
                          const char   *subject,
                          JsonObject   *data)
{
  g_autoptr (MusterApiChange) change = muster_api_change_new_from_json (data, NULL);

  if (change == NULL || g_strcmp0 (muster_api_change_get_entity (change), "device") != 0 ||
      g_strcmp0 (muster_api_change_get_action (change), "update") == 0)
    return;
  if (self->count_id == 0)
    self->count_id = g_timeout_add_once (SETTLE_MSEC, muster_badges_count_cb, self);
}

static void
muster_badges_ready_cb (MusterBadges *self)
{
  if (self->count_id == 0)
    self->count_id = g_timeout_add_once (0, muster_badges_count_cb, self);
}

static void
muster_badges_dispose (GObject *object)
{
  MusterBadges *self = MUSTER_BADGES (object);

  g_clear_handle_id (&self->count_id, g_source_remove);
  dex_clear (&self->counting);
  if (self->journal != NULL)
    muster_api_subscription_close (self->journal);
  g_clear_object (&self->journal);
  g_clear_object (&self->candidates);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (muster_badges_parent_class)->dispose (object);
}

static void
muster_badges_class_init (MusterBadgesClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = muster_badges_dispose;
  signals[CHANGED] = g_signal_new ("changed", MUSTER_TYPE_BADGES, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
}

static void
muster_badges_init (MusterBadges *self)
{
}

MusterBadges *
muster_badges_new (MusterSession *session)
{
  MusterBadges *self = g_object_new (MUSTER_TYPE_BADGES, NULL);

  g_return_val_if_fail (MUSTER_IS_SESSION (session), self);

  self->session = g_object_ref (session);
  self->candidates = muster_candidate_model_new (session);
  g_signal_connect_object (self->candidates, "changed", G_CALLBACK (muster_badges_changed), self,
                           G_CONNECT_SWAPPED);
  self->journal =
    muster_api_stream_subscribe (muster_session_get_stream (session), "journal", NULL, NULL, -1);
  g_signal_connect_object (self->journal, "event", G_CALLBACK (muster_badges_journal_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->journal, "ready", G_CALLBACK (muster_badges_ready_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::as-of", G_CALLBACK (muster_badges_ready_cb), self,
                           G_CONNECT_SWAPPED);
  return self;
}

unsigned
muster_badges_get_waiting (MusterBadges *self)
{
  g_return_val_if_fail (MUSTER_IS_BADGES (self), 0);

  return muster_candidate_model_count_adoptable (self->candidates);
}

unsigned
muster_badges_get_devices (MusterBadges *self)
{
  g_return_val_if_fail (MUSTER_IS_BADGES (self), 0);

  return self->devices;
}
