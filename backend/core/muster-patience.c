/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-patience"

#include "config.h"

#include "muster-patience.h"

#define PAUSE_MIN 1  /* seconds */
#define PAUSE_MAX 60 /* likewise */

/* Whether what stands in the way goes away without us. */
static gboolean
is_passing (const GError *error)
{
  return g_error_matches (error, MUSTER_ERROR, MUSTER_ERROR_STORAGE_FULL) ||
         g_error_matches (error, MUSTER_ERROR, MUSTER_ERROR_UNAVAILABLE);
}

/* FALSE: CANCELLABLE (nullable) was cancelled meanwhile. */
static gboolean
rest (int seconds, GCancellable *cancellable)
{
  DexFuture *pause = dex_timeout_new_seconds (seconds);

  if (cancellable != NULL)
    pause = dex_future_first (pause, dex_cancellable_new_from_cancellable (cancellable), NULL);
  /* A timeout is always a failure. */
  dex_await (pause, NULL);
  return !g_cancellable_is_cancelled (cancellable);
}

DexFuture *
muster_database_write_patiently (MusterDatabase    *database,
                                 MusterActor       *actor,
                                 MusterDatabaseFunc func,
                                 gpointer           data,
                                 GDestroyNotify     destroy,
                                 GCancellable      *cancellable,
                                 const char        *what)
{
  DexFuture *done = NULL;

  g_return_val_if_fail (MUSTER_IS_DATABASE (database), NULL);
  g_return_val_if_fail (func != NULL && what != NULL, NULL);

  for (int pause = PAUSE_MIN;; pause = MIN (2 * pause, PAUSE_MAX))
    {
      g_autoptr (GError) error = NULL;

      done = muster_database_write (database, actor, NULL, func, data, NULL);
      if (dex_await (dex_ref (done), &error) || !is_passing (error) ||
          g_cancellable_is_cancelled (cancellable))
        break;
      if (pause == PAUSE_MIN)
        g_warning ("%s: trying again until it can be written down: %s", what, error->message);
      if (!rest (pause, cancellable))
        break;
      dex_unref (done);
    }
  if (destroy != NULL)
    destroy (data);
  return done;
}
