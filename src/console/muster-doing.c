/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-doing"

#include "config.h"

#include "muster-doing.h"

typedef struct
{
  MusterSession *session;
  DexFuture     *work;
  char          *entity;
  char          *entity_id;
  char          *done;
  char          *failed;
} Doing;

static void
doing_free (gpointer data)
{
  Doing *doing = data;

  g_object_unref (doing->session);
  dex_clear (&doing->work);
  g_free (doing->entity);
  g_free (doing->entity_id);
  g_free (doing->done);
  g_free (doing->failed);
  g_free (doing);
}

/* What was made is what is undone. */
static void
take_record (Doing *doing, const GValue *value)
{
  MusterEntity *record = g_value_get_object (value);

  doing->entity = g_strdup (muster_entity_get_info (record)->name);
  doing->entity_id = g_strdup (muster_entity_get_id (record));
}

static DexFuture *
muster_do_fiber (gpointer user_data)
{
  Doing *doing = user_data;
  g_autoptr (GError) error = NULL;

  if (!dex_await (dex_ref (doing->work), &error))
    {
      muster_session_tell_error (doing->session, doing->failed, error);
      return dex_future_new_true ();
    }
  if (doing->entity == NULL)
    take_record (doing, dex_future_get_value (doing->work, NULL));
  muster_session_offer_journal_undo (doing->session, doing->done, doing->entity, doing->entity_id);
  return dex_future_new_true ();
}

void
muster_do_and_offer (MusterSession *session,
                     DexFuture     *work,
                     const char    *entity,
                     const char    *entity_id,
                     char          *done,
                     const char    *failed)
{
  Doing *doing = g_new0 (Doing, 1);

  doing->session = g_object_ref (session);
  doing->work = work;
  doing->entity = g_strdup (entity);
  doing->entity_id = g_strdup (entity_id);
  doing->done = done;
  doing->failed = g_strdup (failed);
  dex_future_disown (dex_scheduler_spawn (NULL, 0, muster_do_fiber, doing, doing_free));
}
