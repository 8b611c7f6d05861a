/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-notify-store"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "core/muster-journal.h"
#include "model/muster-device-event.h"
#include "model/muster-notification-channel.h"
#include "model/muster-person.h"
#include "model/muster-site.h"
#include "model/muster-time.h"
#include "muster-notify-store.h"
#include "muster-siren.h"

#define MAX_ERROR 1000
#define MAX_SUBJECT 300
/* Of what went together. */
#define MAX_LISTED 50
#define MAX_NAMED 200

static DexFuture *
write_job (MusterRepository  *repository,
           MusterActor       *actor,
           MusterDatabaseFunc func,
           gpointer           data,
           GDestroyNotify     destroy)
{
  g_autoptr (MusterActor) system = muster_actor_new_system ("notifications");

  return muster_database_write (muster_repository_get_database (repository),
                                actor != NULL ? actor : system, NULL, func, data, destroy);
}

static void
take_entity (GValue *result, MusterEntity *entity)
{
  g_value_init (result, MUSTER_TYPE_ENTITY);
  g_value_take_object (result, entity);
}

static void
take_array (GValue *result, GPtrArray *array)
{
  g_value_init (result, G_TYPE_PTR_ARRAY);
  g_value_take_boxed (result, array);
}

static void
set_text (MusterEntity *notification, const char *field, const char *text, int maximum)
{
  g_autofree char *valid = text != NULL ? g_utf8_make_valid (text, -1) : NULL;
  g_autofree char *start =
    valid != NULL ? g_utf8_substring (valid, 0, MIN (g_utf8_strlen (valid, -1), maximum)) : NULL;

  muster_entity_set_string (notification, field, start);
}

/* --- what waits --- */

static gboolean
list_queued_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  g_autoptr (MusterQuery) query = muster_query_new (&muster_notification_info);
  g_autoptr (GPtrArray) queued = NULL;

  muster_query_where (query, "status", "queued");
  muster_query_where (query, "digest_id", NULL);
  muster_query_set_sort (query, "id");
  muster_query_set_limit (query, 0);
  queued = muster_transaction_select (transaction, query, error);
  if (queued == NULL)
    return FALSE;
  take_array (result, g_steal_pointer (&queued));
  return TRUE;
}

DexFuture *
muster_notify_store_list_queued (MusterRepository *repository)
{
  return muster_database_read (muster_repository_get_database (repository), list_queued_job, NULL,
                               NULL);
}

/* --- what it takes to send one --- */

/* The one that the field NAME of RECORD points at, or NULL where there is none (any more). */
static MusterEntity *
follow (MusterTransaction      *transaction,
        MusterEntity           *record,
        const char             *name,
        const MusterEntityInfo *info)
{
  const char *id = muster_entity_get_string (record, name);

  return id != NULL ? muster_transaction_get (transaction, info, id, NULL) : NULL;
}

static void
read_left (MusterNotice *notice)
{
  const char *data = muster_entity_get_string (notice->notification, "data");
  g_autoptr (JsonNode) node = data != NULL ? json_from_string (data, NULL) : NULL;
  g_autoptr (GStrvBuilder) left = g_strv_builder_new ();
  JsonNode  *member;
  JsonArray *array;

  member = node != NULL && JSON_NODE_HOLDS_OBJECT (node)
             ? json_object_get_member (json_node_get_object (node), "left")
             : NULL;
  array = member != NULL && JSON_NODE_HOLDS_ARRAY (member) ? json_node_get_array (member) : NULL;
  if (array == NULL)
    return;
  for (guint i = 0; i < json_array_get_length (array); i++)
    g_strv_builder_add (left, json_array_get_string_element (array, i));
  notice->left = g_strv_builder_end (left);
}

static gboolean
load_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  MusterEntity *notification = data;
  g_autoptr (MusterQuery) query = muster_query_new (&muster_site_info);
  g_autoptr (MusterEntity) site = muster_transaction_find (transaction, query, NULL);
  g_autoptr (MusterNotice) notice = muster_notice_new (notification, site);
  g_autoptr (MusterEntity) person =
              follow (transaction, notification, "person_id", &muster_person_info);

  notice->channel =
    follow (transaction, notification, "channel_id", &muster_notification_channel_info);
  if (person != NULL)
    {
      notice->person_name = g_strdup (muster_entity_get_string (person, "name"));
      notice->email = g_strdup (muster_entity_get_string (person, "email"));
      notice->phone = g_strdup (muster_entity_get_string (person, "phone"));
    }
  read_left (notice);
  g_value_init (result, MUSTER_TYPE_NOTICE);
  g_value_take_object (result, g_steal_pointer (&notice));
  return TRUE;
}

DexFuture *
muster_notify_store_load (MusterRepository *repository, MusterEntity *notification)
{
  return muster_database_read (muster_repository_get_database (repository), load_job,
                               g_object_ref (notification), g_object_unref);
}

/* --- what became of it --- */

typedef struct
{
  char               *id;
  MusterNotifyOutcome outcome;
} Settlement;

static void
settlement_free (gpointer data)
{
  Settlement *self = data;

  g_free (self->id);
  g_free (self->outcome.error);
  g_strfreev (self->outcome.left);
  g_free (self);
}

/* Writes down in NOTIFICATION's data who is still to be told. */
static void
write_left (MusterEntity *notification, char **left)
{
  const char *data = muster_entity_get_string (notification, "data");
  g_autoptr (JsonNode) node = json_from_string (data != NULL ? data : "{}", NULL);
  g_autofree char *text = NULL;
  JsonArray       *array = NULL;

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node) ||
      (left == NULL && !json_object_has_member (json_node_get_object (node), "left")))
    return;
  json_object_remove_member (json_node_get_object (node), "left");
  if (left != NULL)
    {
      array = json_array_new ();
      for (char **address = left; *address != NULL; address++)
        json_array_add_string_element (array, *address);
      json_object_set_array_member (json_node_get_object (node), "left", array);
    }
  text = json_to_string (node, FALSE);
  muster_entity_set_string (notification, "data", text);
}

/* Those that went out, or are to go, in the digest ID. */
static GPtrArray *
select_covered (MusterTransaction *transaction, const char *id, GError **error)
{
  g_autoptr (MusterQuery) query = muster_query_new (&muster_notification_info);

  muster_query_where (query, "digest_id", id);
  muster_query_set_limit (query, 0);
  return muster_transaction_select (transaction, query, error);
}

static void
apply_outcome (MusterEntity *notification, const MusterNotifyOutcome *outcome, gint64 now)
{
  muster_entity_set_enum (notification, "status", outcome->status);
  set_text (notification, "error", outcome->error, MAX_ERROR);
  if (outcome->next_at > 0)
    muster_entity_set_integer (notification, "next_at", outcome->next_at);
  else
    muster_entity_set_null (notification, "next_at");
  if (outcome->status == MUSTER_NOTIFICATION_SENT)
    muster_entity_set_integer (notification, "sent_at", now);
}

static gboolean
settle_covered (MusterTransaction         *transaction,
                MusterEntity              *digest,
                const MusterNotifyOutcome *outcome,
                GError                   **error)
{
  g_autoptr (GPtrArray) covered = NULL;

  if (outcome->status == MUSTER_NOTIFICATION_QUEUED)
    return TRUE;
  covered = select_covered (transaction, muster_entity_get_id (digest), error);
  for (guint i = 0; covered != NULL && i < covered->len; i++)
    {
      apply_outcome (covered->pdata[i], outcome, muster_transaction_get_now (transaction));
      if (!muster_transaction_update (transaction, covered->pdata[i], 0, error))
        return FALSE;
    }
  return covered != NULL;
}

static gboolean
settle_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  Settlement *job = data;
  g_autoptr (MusterEntity) notification =
              muster_transaction_get (transaction, &muster_notification_info, job->id, error);

  if (notification == NULL)
    return FALSE;
  apply_outcome (notification, &job->outcome, muster_transaction_get_now (transaction));
  muster_entity_set_integer (notification, "attempts",
                             muster_entity_get_integer (notification, "attempts") + 1);
  write_left (notification, job->outcome.left);
  if (!muster_transaction_update (transaction, notification, 0, error) ||
      (muster_entity_get_enum (notification, "kind") == MUSTER_NOTIFICATION_DIGEST &&
       !settle_covered (transaction, notification, &job->outcome, error)))
    return FALSE;
  take_entity (result, g_steal_pointer (&notification));
  return TRUE;
}

DexFuture *
muster_notify_store_settle (MusterRepository    *repository,
                            MusterEntity        *notification,
                            MusterNotifyOutcome *outcome)
{
  Settlement *job = g_new0 (Settlement, 1);

  job->id = g_strdup (muster_entity_get_id (notification));
  job->outcome = *outcome;
  *outcome = (MusterNotifyOutcome){ 0 };
  return write_job (repository, NULL, settle_job, job, settlement_free);
}

/* --- many in one --- */

static char *
make_digest_subject (GPtrArray *notifications)
{
  const char *first = muster_entity_get_string (notifications->pdata[0], "subject");

  /* Translators: the subject of one message in the place of several; %s is that of the first */
  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u message: %s", "%u messages: %s, …",
                                       notifications->len),
                          notifications->len, first);
}

static char *
make_digest_body (GPtrArray *notifications)
{
  GString *body = g_string_new (NULL);

  for (guint i = 0; i < MIN (notifications->len, MAX_LISTED); i++)
    g_string_append_printf (body, "• %s\n",
                            muster_entity_get_string (notifications->pdata[i], "subject"));
  if (notifications->len > MAX_LISTED)
    g_string_append_printf (body,
                            g_dngettext (GETTEXT_PACKAGE, "and %u more\n", "and %u more\n",
                                         notifications->len - MAX_LISTED),
                            notifications->len - MAX_LISTED);
  return g_string_free_and_steal (body);
}

static char *
make_digest_data (GPtrArray *notifications)
{
  GString *json = g_string_new (NULL);
  guint    n_named = 0;

  g_string_append_printf (json, "{\"count\":%u,\"alert_ids\":[", notifications->len);
  for (guint i = 0; i < notifications->len && n_named < MAX_NAMED; i++)
    {
      const char *id = muster_entity_get_string (notifications->pdata[i], "alert_id");

      if (id != NULL)
        g_string_append_printf (json, "%s\"%s\"", n_named++ > 0 ? "," : "", id);
    }
  g_string_append (json, "]}");
  return g_string_free_and_steal (json);
}

static MusterEntity *
make_digest (GPtrArray *notifications)
{
  MusterEntity    *digest = muster_entity_new (&muster_notification_info);
  MusterEntity    *first = notifications->pdata[0];
  g_autofree char *subject = make_digest_subject (notifications);
  g_autofree char *body = make_digest_body (notifications);
  g_autofree char *data = make_digest_data (notifications);
  int              severity = MUSTER_SEVERITY_INFO;

  for (guint i = 0; i < notifications->len; i++)
    severity = MAX (severity, muster_entity_get_enum (notifications->pdata[i], "severity"));
  muster_entity_set_string (digest, "channel_id", muster_entity_get_string (first, "channel_id"));
  muster_entity_set_string (digest, "person_id", muster_entity_get_string (first, "person_id"));
  muster_entity_set_enum (digest, "kind", MUSTER_NOTIFICATION_DIGEST);
  muster_entity_set_enum (digest, "severity", severity);
  set_text (digest, "subject", subject, MAX_SUBJECT);
  muster_entity_set_string (digest, "body", body);
  muster_entity_set_string (digest, "data", data);
  return digest;
}

static gboolean
make_digest_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  GPtrArray *notifications = data;
  g_autoptr (MusterEntity) digest = make_digest (notifications);

  muster_entity_set_integer (digest, "next_at", muster_transaction_get_now (transaction));
  if (!muster_transaction_insert (transaction, digest, error))
    return FALSE;
  for (guint i = 0; i < notifications->len; i++)
    {
      g_autoptr (MusterEntity) covered =
                  muster_transaction_get (transaction, &muster_notification_info,
                                          muster_entity_get_id (notifications->pdata[i]), error);

      if (covered == NULL)
        return FALSE;
      muster_entity_set_string (covered, "digest_id", muster_entity_get_id (digest));
      if (!muster_transaction_update (transaction, covered, 0, error))
        return FALSE;
    }
  take_entity (result, g_steal_pointer (&digest));
  return TRUE;
}

DexFuture *
muster_notify_store_make_digest (MusterRepository *repository, GPtrArray *notifications)
{
  g_return_val_if_fail (notifications->len > 0, NULL);

  return write_job (repository, NULL, make_digest_job, g_ptr_array_ref (notifications),
                    (GDestroyNotify)g_ptr_array_unref);
}

/* --- what is not sent --- */

typedef struct
{
  GPtrArray *notifications;
  char      *why;
} Drop;

static void
drop_free (gpointer data)
{
  Drop *self = data;

  g_ptr_array_unref (self->notifications);
  g_free (self->why);
  g_free (self);
}

static gboolean
drop_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  Drop               *job = data;
  MusterNotifyOutcome outcome = { .status = MUSTER_NOTIFICATION_DROPPED, .error = job->why };

  for (guint i = 0; i < job->notifications->len; i++)
    {
      g_autoptr (MusterEntity) notification =
                  muster_transaction_get (transaction, &muster_notification_info,
                                          muster_entity_get_id (job->notifications->pdata[i]),
                                          NULL);

      if (notification == NULL)
        continue;
      apply_outcome (notification, &outcome, 0);
      if (!muster_transaction_update (transaction, notification, 0, error) ||
          !settle_covered (transaction, notification, &outcome, error))
        return FALSE;
    }
  return TRUE;
}

DexFuture *
muster_notify_store_drop (MusterRepository *repository, GPtrArray *notifications, const char *why)
{
  Drop *job = g_new (Drop, 1);

  *job = (Drop){ g_ptr_array_ref (notifications), g_strdup (why) };
  return write_job (repository, NULL, drop_job, job, drop_free);
}

/* --- trying --- */

static gboolean
add_test_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  g_autoptr (MusterEntity) channel =
              muster_transaction_get (transaction, &muster_notification_channel_info,
                                      (const char *)data, error);
  g_autoptr (MusterEntity) test = muster_entity_new (&muster_notification_info);
  g_autoptr (GPtrArray) added = g_ptr_array_new_with_free_func (g_object_unref);
  g_autofree char *subject = NULL;

  if (channel == NULL)
    return FALSE;
  /* Translators: the subject of a message that tries a channel; %s is the name of the channel */
  subject = g_strdup_printf (_ ("Test of “%s”"), muster_entity_get_string (channel, "name"));
  muster_entity_set_string (test, "channel_id", data);
  muster_entity_set_enum (test, "kind", MUSTER_NOTIFICATION_TEST);
  set_text (test, "subject", subject, MAX_SUBJECT);
  muster_entity_set_string (test, "body",
                            _ ("Somebody tries whether this channel works. Nothing is wrong."));
  muster_entity_set_integer (test, "next_at", muster_transaction_get_now (transaction));
  if (!muster_transaction_insert (transaction, test, error))
    return FALSE;
  g_ptr_array_add (added, g_object_ref (test));
  if (!muster_siren_add_end (transaction, channel, test, added, error))
    return FALSE;
  take_array (result, g_steal_pointer (&added));
  return TRUE;
}

DexFuture *
muster_notify_store_add_test (MusterRepository *repository,
                              MusterActor      *actor,
                              const char       *channel_id)
{
  return write_job (repository, actor, add_test_job, g_strdup (channel_id), g_free);
}

/* --- trying again --- */

static gboolean
retry_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  g_autoptr (MusterEntity) notification =
              muster_transaction_get (transaction, &muster_notification_info, (const char *)data,
                                      error);
  int status;

  if (notification == NULL)
    return FALSE;
  status = muster_entity_get_enum (notification, "status");
  if (status == MUSTER_NOTIFICATION_SENT || status == MUSTER_NOTIFICATION_QUEUED)
    {
      g_set_error_literal (
        error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
        status == MUSTER_NOTIFICATION_SENT
          ? "it was sent already: only what failed or was not sent is tried again"
          : "it waits already, and is tried again by itself");
      return FALSE;
    }
  muster_entity_set_enum (notification, "status", MUSTER_NOTIFICATION_QUEUED);
  muster_entity_set_integer (notification, "attempts", 0);
  muster_entity_set_integer (notification, "next_at", muster_transaction_get_now (transaction));
  /* By itself this time. */
  muster_entity_set_null (notification, "digest_id");
  muster_entity_set_null (notification, "error");
  if (!muster_transaction_update (transaction, notification, 0, error))
    return FALSE;
  take_entity (result, g_steal_pointer (&notification));
  return TRUE;
}

DexFuture *
muster_notify_store_retry (MusterRepository *repository, MusterActor *actor, const char *id)
{
  return write_job (repository, actor, retry_job, g_strdup (id), g_free);
}
