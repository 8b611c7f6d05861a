/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-live-subscription"

#include "config.h"

#include <string.h>

#include "core/muster-journal-owner.h"
#include "model/muster-entity.h"
#include "muster-live-subscription.h"

MusterLiveSubscription *
muster_live_subscription_new (MusterLiveMessage *message, const char *customer)
{
  MusterLiveSubscription *self = g_new0 (MusterLiveSubscription, 1);

  self->id = g_steal_pointer (&message->id);
  self->topic = message->topic;
  self->subjects = g_steal_pointer (&message->subjects);
  self->details = g_steal_pointer (&message->details);
  self->customer = g_strdup (customer);
  self->is_replaying = message->since >= 0;
  self->last = self->told = MAX (message->since, 0);
  return self;
}

void
muster_live_subscription_free (MusterLiveSubscription *self)
{
  dex_clear (&self->replay);
  g_clear_pointer (&self->subjects, g_hash_table_unref);
  g_clear_pointer (&self->details, g_hash_table_unref);
  g_free (self->customer);
  g_free (self->id);
  g_free (self);
}

gboolean
muster_live_subscription_matches (MusterLiveSubscription *self, MusterEvent *event)
{
  const char *subject = muster_event_get_subject (event);

  /* Which records they were is not told. */
  if (g_str_equal (muster_event_get_topic (event), MUSTER_TOPIC_JOURNAL_MANY))
    return g_str_equal (self->topic, MUSTER_TOPIC_JOURNAL);
  if (strcmp (self->topic, muster_event_get_topic (event)) != 0)
    return FALSE;
  if (self->customer != NULL &&
      !muster_journal_entry_is_of (muster_event_get_payload (event), self->customer))
    return FALSE;
  return self->subjects == NULL ||
         (subject != NULL && g_hash_table_contains (self->subjects, subject));
}

/* What a customer is told of EVENT: of many changes only that there were some. FALSE: no detail
 * asked for is in it. */
static gboolean
encode_for_customer (MusterLiveSubscription *self, MusterEvent *event, GString *json)
{
  MusterJournalEntry *entry = muster_event_get_payload (event);

  if (g_str_equal (muster_event_get_topic (event), MUSTER_TOPIC_JOURNAL_MANY))
    {
      gint64 sequence = muster_event_get_sequence (event);

      g_string_append_printf (json,
                              "{\"many\":{\"first\":%" G_GINT64_FORMAT ",\"last\":%" G_GINT64_FORMAT
                              ",\"changes\":null}}",
                              sequence, sequence);
      return TRUE;
    }
  if (self->details != NULL &&
      !g_hash_table_contains (self->details, muster_journal_entry_get_entity (entry)))
    return FALSE;
  muster_journal_entry_encode_for_owner (entry, json);
  return TRUE;
}

char *
muster_live_subscription_frame (MusterLiveSubscription *self, MusterEvent *event)
{
  g_autoptr (GString) json = g_string_sized_new (256);
  gint64 sequence = muster_event_get_sequence (event);

  g_string_append (json, "{\"op\":\"event\",\"id\":");
  muster_json_append_string (json, self->id, -1);
  g_string_append_printf (json, ",\"topic\":\"%s\"", self->topic);
  if (muster_event_get_subject (event) != NULL)
    {
      g_string_append (json, ",\"subject\":");
      muster_json_append_string (json, muster_event_get_subject (event), -1);
    }
  if (sequence > 0)
    g_string_append_printf (json, ",\"sequence\":%" G_GINT64_FORMAT, sequence);
  g_string_append (json, ",\"data\":");
  if (self->customer != NULL)
    {
      if (!encode_for_customer (self, event, json))
        return NULL;
    }
  else if (self->details == NULL)
    {
      gsize       length;
      const char *data = g_bytes_get_data (muster_event_get_json (event), &length);

      g_string_append_len (json, data, length);
    }
  else if (!muster_event_encode (event, self->details, json))
    return NULL;
  g_string_append_c (json, '}');
  return g_string_free_and_steal (g_steal_pointer (&json));
}

static gboolean
encode_replayed (MusterEvent *event, GHashTable *details, GString *json)
{
  MusterJournalEntry *entry = muster_event_get_payload (event);

  if (details != NULL && !g_hash_table_contains (details, muster_journal_entry_get_entity (entry)))
    return FALSE;
  muster_journal_entry_encode (entry, json);
  return TRUE;
}

MusterEvent *
muster_live_event_new_replayed (MusterJournalEntry *entry)
{
  return muster_event_new (MUSTER_TOPIC_JOURNAL, muster_journal_entry_get_entity_id (entry), NULL,
                           muster_journal_entry_get_sequence (entry), G_OBJECT (entry),
                           encode_replayed);
}
