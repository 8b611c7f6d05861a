/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-notify-attempt"

#include "config.h"

#include "model/muster-error.h"
#include "muster-notify-attempt.h"
#include "muster-notify-backoff.h"

/* When what was sent cannot be noted: the disk is full. */
#define NOTE_AGAIN_SECONDS 10

void
muster_notify_attempt (MusterNotice             *notice,
                       const MusterChannelParts *parts,
                       MusterClock              *clock,
                       gboolean                  is_last,
                       MusterNotifyOutcome      *outcome)
{
  gint64 attempts = muster_entity_get_integer (notice->notification, "attempts") + 1;
  g_autoptr (GError) error = NULL;
  g_autofree char *said = NULL;
  g_autofree char *left = NULL;

  g_clear_pointer (&outcome->left, g_strfreev);
  said = dex_await_string (muster_channel_deliver (notice->channel, parts, notice), &error);
  if (error == NULL && notice->left == NULL)
    {
      outcome->status = MUSTER_NOTIFICATION_SENT;
      outcome->error = g_steal_pointer (&said);
      if (outcome->error != NULL &&
          (*outcome->error == '\0' || g_str_has_prefix (outcome->error, "HTTP ")))
        g_clear_pointer (&outcome->error, g_free);
      return;
    }
  if (error == NULL)
    left = g_strjoinv (", ", notice->left);
  outcome->error = error != NULL ? g_strdup (error->message)
                                 : g_strdup_printf ("to be tried again: %s; %s", left, said);
  outcome->left = g_strdupv (notice->left);
  outcome->status = MUSTER_NOTIFICATION_FAILED;
  if (is_last || attempts >= MUSTER_NOTIFY_MAX_ATTEMPTS ||
      (error != NULL && muster_channel_error_is_final (error)))
    return;
  outcome->status = MUSTER_NOTIFICATION_QUEUED;
  outcome->next_at = muster_clock_get_now (clock) +
                     muster_notify_backoff (attempts, notice->retry_after, g_random_double ());
}

MusterEntity *
muster_notify_settle (MusterRepository    *repository,
                      MusterEntity        *notification,
                      MusterNotifyOutcome *outcome,
                      const gboolean      *is_stopping)
{
  while (TRUE)
    {
      MusterNotifyOutcome copy = *outcome;
      g_autoptr (GError) error = NULL;
      MusterEntity *settled = NULL;

      copy.error = g_strdup (outcome->error);
      copy.left = g_strdupv (outcome->left);
      settled =
        dex_await_object (muster_notify_store_settle (repository, notification, &copy), &error);
      if (settled != NULL || *is_stopping ||
          g_error_matches (error, MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND))
        {
          g_free (outcome->error);
          g_strfreev (outcome->left);
          return settled;
        }
      g_warning ("%s: what became of it cannot be noted: %s", muster_entity_get_id (notification),
                 error->message);
      dex_await (dex_timeout_new_seconds (NOTE_AGAIN_SECONDS), NULL);
    }
}
