/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-siren"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "core/muster-journal.h"
#include "model/muster-notification-channel.h"
#include "model/muster-notification.h"
#include "muster-siren.h"

#define TEST_SECONDS 5

/* Seconds that CHANNEL sounds; 0: until somebody takes notice. -1: it stops by itself. */
static gint64
get_seconds (MusterEntity *channel)
{
  const char *config = muster_entity_get_string (channel, "config");
  g_autoptr (JsonNode) node = config != NULL ? json_from_string (config, NULL) : NULL;
  JsonNode *off;

  if (muster_entity_get_enum (channel, "kind") != MUSTER_CHANNEL_SIREN || node == NULL ||
      !JSON_NODE_HOLDS_OBJECT (node))
    return -1;
  off = json_object_get_member (json_node_get_object (node), "off_value");
  if (off == NULL || JSON_NODE_HOLDS_NULL (off))
    return -1;
  return json_object_get_int_member_with_default (json_node_get_object (node), "seconds", 0);
}

/* What ends the siren for the alert of ON and waits; NULL without an error where nothing does. */
static MusterEntity *
find_end (MusterTransaction *transaction, MusterEntity *on, GError **error)
{
  g_autoptr (MusterQuery) query = muster_query_new (&muster_notification_info);

  muster_query_where (query, "channel_id", muster_entity_get_string (on, "channel_id"));
  muster_query_where (query, "alert_id", muster_entity_get_string (on, "alert_id"));
  muster_query_where (query, "kind", "off");
  muster_query_where (query, "status", "queued");
  return muster_transaction_find (transaction, query, error);
}

static MusterEntity *
make_end (MusterEntity *channel, MusterEntity *on)
{
  MusterEntity    *end = muster_entity_new (&muster_notification_info);
  g_autofree char *subject =
    g_strdup_printf (_ ("“%s” stops"), muster_entity_get_string (channel, "name"));

  muster_entity_set_string (end, "alert_id", muster_entity_get_string (on, "alert_id"));
  muster_entity_set_string (end, "channel_id", muster_entity_get_string (on, "channel_id"));
  muster_entity_set_string (end, "escalation_id", muster_entity_get_string (on, "escalation_id"));
  muster_entity_set_enum (end, "kind", MUSTER_NOTIFICATION_OFF);
  muster_entity_set_enum (end, "severity", muster_entity_get_enum (on, "severity"));
  muster_entity_set_string (end, "subject", subject);
  return end;
}

gboolean
muster_siren_add_end (MusterTransaction *transaction,
                      MusterEntity      *channel,
                      MusterEntity      *on,
                      GPtrArray         *added,
                      GError           **error)
{
  gint64 seconds = get_seconds (channel);
  g_autoptr (GError) cause = NULL;
  g_autoptr (MusterEntity) end = NULL;
  gboolean is_there;

  if (seconds < 0)
    return TRUE;
  if (muster_entity_get_enum (on, "kind") == MUSTER_NOTIFICATION_TEST)
    seconds = seconds > 0 ? MIN (seconds, TEST_SECONDS) : TEST_SECONDS;
  end = find_end (transaction, on, &cause);
  if (cause != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&cause));
      return FALSE;
    }
  is_there = end != NULL;
  if (!is_there)
    end = make_end (channel, on);
  if (seconds > 0)
    muster_entity_set_integer (end, "next_at",
                               muster_transaction_get_now (transaction) + seconds * G_USEC_PER_SEC);
  if (is_there ? !muster_transaction_update (transaction, end, 0, error)
               : !muster_transaction_insert (transaction, end, error))
    return FALSE;
  g_ptr_array_add (added, g_steal_pointer (&end));
  return TRUE;
}

gboolean
muster_siren_end_now (MusterTransaction *transaction,
                      const char        *alert_id,
                      GPtrArray         *added,
                      GError           **error)
{
  g_autoptr (MusterQuery) query = muster_query_new (&muster_notification_info);
  g_autoptr (GPtrArray) ends = NULL;

  muster_query_where (query, "alert_id", alert_id);
  muster_query_where (query, "kind", "off");
  muster_query_where (query, "status", "queued");
  muster_query_set_limit (query, 0);
  ends = muster_transaction_select (transaction, query, error);
  for (guint i = 0; ends != NULL && i < ends->len; i++)
    {
      muster_entity_set_integer (ends->pdata[i], "next_at",
                                 muster_transaction_get_now (transaction));
      if (!muster_transaction_update (transaction, ends->pdata[i], 0, error))
        return FALSE;
      g_ptr_array_add (added, g_object_ref (ends->pdata[i]));
    }
  return ends != NULL;
}
