/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-bulk-job"

#include "config.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

#include "client/muster-api-devices.h"
#include "client/muster-fiber.h"
#include "muster-bulk-job.h"
#include "widgets/muster-format.h"

#define AT_A_TIME 8
#define MAX_REASONS 12 /* lines of a dialog that somebody reads */

typedef struct
{
  grefcount      references;
  MusterSession *session;
  GtkWidget     *parent;
  char         **ids;
  char          *what;
  MusterBulkFunc func;
  MusterBulkFunc back;
  gpointer       user_data;
  GDestroyNotify destroy;
  GPtrArray     *done;    /* (element-type utf8) ids, of this round */
  GPtrArray     *failed;  /* (element-type utf8) ids */
  GPtrArray     *reasons; /* (element-type utf8) in the order of `failed` */
} Job;

static Job *
job_ref (Job *job)
{
  g_ref_count_inc (&job->references);
  return job;
}

static void
job_unref (gpointer data)
{
  Job *job = data;

  if (!g_ref_count_dec (&job->references))
    return;
  if (job->destroy != NULL)
    job->destroy (job->user_data);
  g_object_unref (job->session);
  g_object_unref (job->parent);
  g_strfreev (job->ids);
  g_free (job->what);
  g_ptr_array_unref (job->done);
  g_ptr_array_unref (job->failed);
  g_ptr_array_unref (job->reasons);
  g_free (job);
}

/* --- taking it back --- */

/* What one round did: another may follow. */
typedef struct
{
  Job       *job; /* (owned) */
  GPtrArray *ids; /* (owned) (element-type utf8) */
} Undo;

static Undo *
undo_new (Job *job, GPtrArray *ids)
{
  Undo *self = g_new0 (Undo, 1);

  self->job = job_ref (job);
  self->ids = g_ptr_array_ref (ids);
  return self;
}

static void
undo_free (gpointer data)
{
  Undo *self = data;

  job_unref (self->job);
  g_ptr_array_unref (self->ids);
  g_free (self);
}

static DexFuture *
undo_fiber (gpointer user_data)
{
  Undo            *self = user_data;
  Job             *job = self->job;
  MusterApiClient *client = muster_session_get_client (job->session);
  g_autoptr (GError) first_error = NULL;

  for (unsigned i = 0; i < self->ids->len; i++)
    {
      g_autoptr (GError) error = NULL;

      if (!dex_await (job->back (client, self->ids->pdata[i], job->user_data), &error) &&
          first_error == NULL)
        first_error = g_steal_pointer (&error);
    }
  if (first_error != NULL)
    return dex_future_new_for_error (g_steal_pointer (&first_error));
  return dex_future_new_true ();
}

static DexFuture *
undo_round (MusterSession *session, gpointer user_data)
{
  Undo *undo = user_data;

  return muster_fiber_spawn (NULL, 0, undo_fiber, undo_new (undo->job, undo->ids), undo_free);
}

/* --- those that were refused --- */

static DexFuture *start_job (Job *job);

static void
muster_bulk_job_response_cb (Job *job, const char *response)
{
  g_autoptr (GStrvBuilder) builder = NULL;

  if (g_strcmp0 (response, "retry") != 0)
    return;
  builder = g_strv_builder_new ();
  for (unsigned i = 0; i < job->failed->len; i++)
    g_strv_builder_add (builder, job->failed->pdata[i]);
  g_strfreev (job->ids);
  job->ids = g_strv_builder_end (builder);
  g_ptr_array_unref (job->done);
  job->done = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_set_size (job->failed, 0);
  g_ptr_array_set_size (job->reasons, 0);
  dex_future_disown (start_job (job));
}

static void
muster_bulk_job_closed_cb (gpointer job, GClosure *closure)
{
  job_unref (job);
}

/* What a person calls the device ID: (transfer full). */
static char *
find_name (MusterApiPage *page, const char *id)
{
  for (unsigned i = 0; page != NULL && i < muster_api_page_get_length (page); i++)
    if (g_strcmp0 (muster_entity_get_id (muster_api_page_get (page, i)), id) == 0)
      return g_strdup (muster_entity_get_string (muster_api_page_get (page, i), "name"));
  return g_strdup (id);
}

static void
show_failed (Job *job, MusterApiPage *names)
{
  g_autofree char *heading =
    g_strdup_printf (ngettext ("%s: %u Device Was Refused", "%s: %u Devices Were Refused",
                               job->failed->len),
                     job->what, job->failed->len);
  g_autoptr (GString) body = g_string_new (NULL);
  AdwDialog *dialog;

  for (unsigned i = 0; i < MIN (job->failed->len, MAX_REASONS); i++)
    {
      g_autofree char *name = find_name (names, job->failed->pdata[i]);

      g_string_append_printf (body, "%s%s: %s", i > 0 ? "\n" : "", name,
                              (char *)job->reasons->pdata[i]);
    }
  if (job->failed->len > MAX_REASONS)
    g_string_append_printf (body, _ ("\nand %u more"), job->failed->len - MAX_REASONS);
  dialog = adw_alert_dialog_new (heading, body->str);
  adw_alert_dialog_add_responses (ADW_ALERT_DIALOG (dialog), "close", _ ("_Close"), "retry",
                                  _ ("_Retry Failed"), NULL);
  adw_alert_dialog_set_response_appearance (ADW_ALERT_DIALOG (dialog), "retry",
                                            ADW_RESPONSE_SUGGESTED);
  g_signal_connect_data (dialog, "response", G_CALLBACK (muster_bulk_job_response_cb),
                         job_ref (job), muster_bulk_job_closed_cb, G_CONNECT_SWAPPED);
  adw_dialog_present (dialog, job->parent);
}

/* --- doing it --- */

static void
await_one (Job *job, DexFuture *future, const char *id)
{
  g_autoptr (GError) error = NULL;

  if (dex_await (future, &error))
    g_ptr_array_add (job->done, g_strdup (id));
  else
    {
      g_ptr_array_add (job->failed, g_strdup (id));
      g_ptr_array_add (job->reasons, g_strdup (error->message));
    }
}

static void
tell_done (Job *job)
{
  g_autofree char *text =
    g_strdup_printf (ngettext ("%s: %u device", "%s: %u devices", job->done->len), job->what,
                     job->done->len);

  if (job->done->len > 0)
    muster_session_offer_undo (job->session, text, undo_round, undo_new (job, job->done),
                               undo_free);
}

static DexFuture *
job_fiber (gpointer user_data)
{
  Job             *job = user_data;
  MusterApiClient *client = muster_session_get_client (job->session);
  unsigned         n_ids = g_strv_length (job->ids);

  for (unsigned i = 0; i < n_ids; i += AT_A_TIME)
    {
      DexFuture *futures[AT_A_TIME];
      unsigned   n_futures = MIN (AT_A_TIME, n_ids - i);

      for (unsigned j = 0; j < n_futures; j++)
        futures[j] = job->func (client, job->ids[i + j], job->user_data);
      for (unsigned j = 0; j < n_futures; j++)
        await_one (job, futures[j], job->ids[i + j]);
    }
  tell_done (job);
  if (job->failed->len > 0)
    {
      g_autoptr (GPtrArray) ids = g_ptr_array_new ();
      g_autoptr (MusterApiPage) names = NULL;

      for (unsigned i = 0; i < MIN (job->failed->len, MAX_REASONS); i++)
        g_ptr_array_add (ids, job->failed->pdata[i]);
      g_ptr_array_add (ids, NULL);
      names =
        dex_await_object (muster_api_devices_list_by_ids (client, (const char *const *)ids->pdata),
                          NULL);
      show_failed (job, names);
    }
  return dex_future_new_for_uint (job->done->len);
}

static DexFuture *
start_job (Job *job)
{
  return muster_fiber_spawn (NULL, 0, job_fiber, job_ref (job), job_unref);
}

DexFuture *
muster_bulk_job_run (MusterSession *session,
                     GtkWidget     *parent,
                     char         **ids,
                     const char    *what,
                     MusterBulkFunc func,
                     MusterBulkFunc back,
                     gpointer       user_data,
                     GDestroyNotify destroy)
{
  Job       *job;
  DexFuture *future;

  g_return_val_if_fail (MUSTER_IS_SESSION (session), NULL);
  g_return_val_if_fail (ids != NULL && what != NULL && func != NULL && back != NULL, NULL);

  job = g_new0 (Job, 1);
  g_ref_count_init (&job->references);
  job->session = g_object_ref (session);
  job->parent = g_object_ref (parent);
  job->ids = ids;
  job->what = g_strdup (what);
  job->func = func;
  job->back = back;
  job->user_data = user_data;
  job->destroy = destroy;
  job->done = g_ptr_array_new_with_free_func (g_free);
  job->failed = g_ptr_array_new_with_free_func (g_free);
  job->reasons = g_ptr_array_new_with_free_func (g_free);
  future = start_job (job);
  job_unref (job);
  return future;
}
