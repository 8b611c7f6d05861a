/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-promise"

#include "config.h"

#include "muster-promise.h"

typedef struct
{
  DexPromise *promise; /* (owned) */
  GValue      value;
  GError     *error; /* (owned) (nullable) */
} Outcome;

/* On the main thread. */
static void
outcome_settle (gpointer data)
{
  Outcome *self = data;

  if (self->error != NULL)
    dex_promise_reject (self->promise, g_steal_pointer (&self->error));
  else
    dex_promise_resolve (self->promise, &self->value);
  dex_unref (self->promise);
  g_value_unset (&self->value);
  g_free (self);
}

static Outcome *
outcome_new (DexPromise *promise)
{
  Outcome *self = g_new0 (Outcome, 1);

  self->promise = dex_ref (promise);
  return self;
}

void
muster_promise_resolve_on_main (DexPromise *promise, const GValue *value)
{
  Outcome *outcome = NULL;

  g_return_if_fail (DEX_IS_PROMISE (promise));

  outcome = outcome_new (promise);
  if (value != NULL)
    {
      g_value_init (&outcome->value, G_VALUE_TYPE (value));
      g_value_copy (value, &outcome->value);
    }
  else
    {
      g_value_init (&outcome->value, G_TYPE_BOOLEAN);
      g_value_set_boolean (&outcome->value, TRUE);
    }
  dex_scheduler_push (dex_scheduler_get_default (), outcome_settle, outcome);
}

void
muster_promise_reject_on_main (DexPromise *promise, GError *error)
{
  Outcome *outcome = NULL;

  g_return_if_fail (DEX_IS_PROMISE (promise));
  g_return_if_fail (error != NULL);

  outcome = outcome_new (promise);
  g_value_init (&outcome->value, G_TYPE_BOOLEAN);
  outcome->error = error;
  dex_scheduler_push (dex_scheduler_get_default (), outcome_settle, outcome);
}

/* --- what nobody waits for --- */

typedef struct
{
  const char    *domain;
  GLogLevelFlags level;
  const char    *what;
} Report;

static DexFuture *
log_failure_cb (DexFuture *future, gpointer user_data)
{
  Report *report = user_data;
  g_autoptr (GError) error = NULL;

  dex_future_get_value (future, &error);
  g_log (report->domain, report->level, "%s: %s", report->what, error->message);
  return dex_future_new_true ();
}

void
muster_disown_logged_as (const char    *domain,
                         GLogLevelFlags level,
                         DexFuture     *future,
                         const char    *what)
{
  Report report = { domain, level, what };

  g_return_if_fail (DEX_IS_FUTURE (future));
  g_return_if_fail (what != NULL);

  dex_future_disown (
    dex_future_catch (future, log_failure_cb, g_memdup2 (&report, sizeof report), g_free));
}
