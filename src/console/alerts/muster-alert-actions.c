/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-alert-actions"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-alerts.h"
#include "client/muster-api-journal.h"
#include "muster-alert-actions.h"
#include "muster-doing.h"
#include "muster-moment-row.h"
#include "muster-silence-times.h"
#include "widgets/muster-ask.h"
#include "widgets/muster-format.h"
#include "widgets/muster-reference-row.h"
#include "widgets/muster-text-row.h"

typedef enum
{
  VERB_ACKNOWLEDGE,
  VERB_ASSIGN,
  VERB_SILENCE,
  VERB_UNSILENCE,
  VERB_RESOLVE,
} Verb;

/* What is done to which alerts. */
typedef struct
{
  MusterSession *session;
  Verb           verb;
  char         **ids;
  char          *text; /* (nullable): comment, reason, or the person's id */
  gint64         until;
} Doing;

static Doing *
doing_new (MusterSession *session, Verb verb, const char *const *ids)
{
  Doing *doing = g_new0 (Doing, 1);

  doing->session = g_object_ref (session);
  doing->verb = verb;
  doing->ids = g_strdupv ((char **)ids);
  return doing;
}

static void
doing_free (gpointer data)
{
  Doing *doing = data;

  g_object_unref (doing->session);
  g_strfreev (doing->ids);
  g_free (doing->text);
  g_free (doing);
}

static DexFuture *
start (const Doing *doing, const char *id)
{
  MusterApiClient *client = muster_session_get_client (doing->session);

  switch (doing->verb)
    {
    case VERB_ASSIGN:
      return muster_api_alerts_assign (client, id, doing->text);
    case VERB_SILENCE:
      return muster_api_alerts_silence (client, id, doing->until, doing->text);
    case VERB_UNSILENCE:
      return muster_api_alerts_unsilence (client, id);
    case VERB_RESOLVE:
      return muster_api_alerts_resolve (client, id, doing->text);
    case VERB_ACKNOWLEDGE:
    default:
      return muster_api_alerts_acknowledge (client, id, doing->text);
    }
}

/* What is told afterwards of N alerts: (transfer full). */
static char *
describe (const Doing *doing, unsigned n)
{
  g_autofree char *until = NULL;

  switch (doing->verb)
    {
    case VERB_ASSIGN:
      return g_strdup_printf (ngettext ("%u alert assigned", "%u alerts assigned", n), n);
    case VERB_SILENCE:
      until = muster_format_short_time (doing->until, g_get_real_time (),
                                        muster_session_get_zone (doing->session));
      return g_strdup_printf (ngettext ("%u alert silenced until %s", "%u alerts silenced until %s",
                                        n),
                              n, until);
    case VERB_UNSILENCE:
      return g_strdup_printf (ngettext ("%u alert heard again", "%u alerts heard again", n), n);
    case VERB_RESOLVE:
      return g_strdup_printf (ngettext ("%u alert resolved", "%u alerts resolved", n), n);
    case VERB_ACKNOWLEDGE:
    default:
      return g_strdup_printf (ngettext ("%u alert acknowledged", "%u alerts acknowledged", n), n);
    }
}

static const char *
describe_failure (const Doing *doing)
{
  switch (doing->verb)
    {
    case VERB_ASSIGN:
      return _ ("Could not assign it");
    case VERB_SILENCE:
      return _ ("Could not silence it");
    case VERB_UNSILENCE:
      return _ ("Could not end the silence");
    case VERB_RESOLVE:
      return _ ("Could not resolve it");
    case VERB_ACKNOWLEDGE:
    default:
      return _ ("Could not acknowledge it");
    }
}

/* --- taking back --- */

static DexFuture *
muster_alerts_undo_fiber (gpointer user_data)
{
  Doing           *doing = user_data;
  MusterApiClient *client = muster_session_get_client (doing->session);

  for (unsigned i = 0; doing->ids[i] != NULL; i++)
    {
      GError *error = NULL;
      g_autoptr (MusterApiPage) page =
                  dex_await_object (muster_api_journal_list (client, "alert", doing->ids[i], 0, 1),
                                    &error);
      gint64 sequence = page != NULL && muster_api_page_get_length (page) > 0
                          ? muster_api_change_get_sequence (muster_api_page_get (page, 0))
                          : 0;

      if (page == NULL ||
          (sequence > 0 && !dex_await (muster_api_journal_undo (client, sequence), &error)))
        return dex_future_new_for_error (error);
    }
  return dex_future_new_true ();
}

/* Each was an operation of its own. */
static DexFuture *
undo_each (MusterSession *session, gpointer user_data)
{
  const Doing *doing = user_data;
  Doing       *again = doing_new (session, doing->verb, (const char *const *)doing->ids);

  return dex_scheduler_spawn (NULL, 0, muster_alerts_undo_fiber, again, doing_free);
}

/* --- doing --- */

static DexFuture *
muster_alerts_fiber (gpointer user_data)
{
  Doing *doing = user_data;
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autoptr (GError) first = NULL;
  g_auto (GStrv) done = NULL;
  g_autofree char *text = NULL;

  for (unsigned i = 0; doing->ids[i] != NULL; i++)
    {
      g_autoptr (GError) error = NULL;

      if (dex_await (start (doing, doing->ids[i]), &error))
        g_strv_builder_add (builder, doing->ids[i]);
      else if (first == NULL)
        first = g_steal_pointer (&error);
    }
  done = g_strv_builder_end (builder);
  if (done[0] != NULL)
    {
      Doing *undoable = doing_new (doing->session, doing->verb, (const char *const *)done);

      text = describe (doing, g_strv_length (done));
      muster_session_offer_undo (doing->session, text, undo_each, undoable, doing_free);
    }
  if (first != NULL)
    muster_session_tell_error (doing->session, describe_failure (doing), first);
  return dex_future_new_true ();
}

/* DOING is taken. */
static void
run (Doing *doing)
{
  unsigned n = g_strv_length (doing->ids);

  if (n == 0)
    {
      doing_free (doing);
      return;
    }
  if (doing->verb == VERB_ACKNOWLEDGE && n > 1)
    {
      /* One call, and one operation that Undo takes back as a whole. */
      muster_do_and_offer (
        doing->session,
        muster_api_alerts_acknowledge_many (muster_session_get_client (doing->session),
                                            (const char *const *)doing->ids, doing->text),
        "alert", doing->ids[0], describe (doing, n), describe_failure (doing));
      doing_free (doing);
      return;
    }
  dex_future_disown (dex_scheduler_spawn (NULL, 0, muster_alerts_fiber, doing, doing_free));
}

/* What was asked is a copy: the dialog keeps its own. */
static void
run_with (const Doing *asked, char *text, gint64 until)
{
  Doing *doing = doing_new (asked->session, asked->verb, (const char *const *)asked->ids);

  doing->text = text;
  doing->until = until;
  run (doing);
}

static char *
dup_comment (GtkWidget *row)
{
  g_autofree char *text = muster_text_row_dup_text (MUSTER_TEXT_ROW (row));

  return *text != '\0' ? g_steal_pointer (&text) : NULL;
}

static void
muster_alerts_comment_cb (GtkWidget *const *rows, gpointer user_data)
{
  run_with (user_data, dup_comment (rows[0]), 0);
}

static void
muster_alerts_assign_cb (GtkWidget *const *rows, gpointer user_data)
{
  run_with (user_data, g_strdup (muster_reference_row_get_id (MUSTER_REFERENCE_ROW (rows[0]))), 0);
}

static void
muster_alerts_silence_cb (GtkWidget *const *rows, gpointer user_data)
{
  run_with (user_data, dup_comment (rows[1]),
            muster_moment_row_get_time (MUSTER_MOMENT_ROW (rows[0])));
}

static void
ask_comment (MusterSession     *session,
             GtkWidget         *parent,
             const char *const *ids,
             Verb               verb,
             const char        *heading,
             const char        *label,
             const char        *yes)
{
  if (ids[0] == NULL)
    return;
  muster_ask (parent, heading, NULL, (GtkWidget *const[]){ muster_text_row_new (label), NULL }, yes,
              muster_alerts_comment_cb, doing_new (session, verb, ids), doing_free);
}

void
muster_alerts_acknowledge (MusterSession *session, const char *const *ids)
{
  g_return_if_fail (MUSTER_IS_SESSION (session) && ids != NULL);

  run (doing_new (session, VERB_ACKNOWLEDGE, ids));
}

void
muster_alerts_ask_acknowledge (MusterSession *session, GtkWidget *parent, const char *const *ids)
{
  g_return_if_fail (MUSTER_IS_SESSION (session) && ids != NULL);

  ask_comment (session, parent, ids, VERB_ACKNOWLEDGE, _ ("Acknowledge"), _ ("Comment"),
               _ ("_Acknowledge"));
}

void
muster_alerts_ask_resolve (MusterSession *session, GtkWidget *parent, const char *const *ids)
{
  g_return_if_fail (MUSTER_IS_SESSION (session) && ids != NULL);

  ask_comment (session, parent, ids, VERB_RESOLVE, _ ("Resolve"), _ ("What was done"),
               _ ("_Resolve"));
}

static void
muster_alerts_person_cb (AdwDialog *dialog, GParamSpec *pspec, MusterReferenceRow *row)
{
  muster_ask_set_ready (dialog, muster_reference_row_get_id (row) != NULL);
}

void
muster_alerts_ask_assign (MusterSession *session, GtkWidget *parent, const char *const *ids)
{
  GtkWidget    *row;
  AdwDialog    *dialog;
  MusterPerson *person;

  g_return_if_fail (MUSTER_IS_SESSION (session) && ids != NULL);

  if (ids[0] == NULL)
    return;
  person = muster_access_get_person (muster_session_get_access (session));
  row = muster_reference_row_new (session, "person", _ ("Who sees to it"), FALSE);
  dialog = muster_ask (parent, _ ("Assign"), NULL, (GtkWidget *const[]){ row, NULL }, _ ("_Assign"),
                       muster_alerts_assign_cb, doing_new (session, VERB_ASSIGN, ids), doing_free);
  muster_ask_set_ready (dialog, FALSE);
  g_signal_connect_object (row, "notify::record-id", G_CALLBACK (muster_alerts_person_cb), dialog,
                           G_CONNECT_SWAPPED);
  if (person != NULL)
    muster_reference_row_set_id (MUSTER_REFERENCE_ROW (row),
                                 muster_entity_get_id (MUSTER_ENTITY (person)));
}

static void
ask_silence (MusterSession *session, GtkWidget *parent, const char *const *ids)
{
  GtkWidget *moment = muster_moment_row_new (_ ("Until"), muster_session_get_zone (session));

  muster_moment_row_set_time (MUSTER_MOMENT_ROW (moment),
                              muster_silence_times_resolve ("4h", g_get_real_time (),
                                                            muster_session_get_zone (session)));
  muster_ask (parent, _ ("Silence"), _ ("Nobody is told of it before then."),
              (GtkWidget *const[]){ moment, muster_text_row_new (_ ("Reason")), NULL },
              _ ("_Silence"), muster_alerts_silence_cb, doing_new (session, VERB_SILENCE, ids),
              doing_free);
}

void
muster_alerts_silence (MusterSession     *session,
                       GtkWidget         *parent,
                       const char *const *ids,
                       const char        *time)
{
  Doing *doing;
  gint64 until;

  g_return_if_fail (MUSTER_IS_SESSION (session) && ids != NULL && time != NULL);

  if (ids[0] == NULL)
    return;
  until =
    muster_silence_times_resolve (time, g_get_real_time (), muster_session_get_zone (session));
  if (until < 0)
    {
      ask_silence (session, parent, ids);
      return;
    }
  doing = doing_new (session, VERB_SILENCE, ids);
  doing->until = until;
  run (doing);
}

void
muster_alerts_unsilence (MusterSession *session, const char *const *ids)
{
  g_return_if_fail (MUSTER_IS_SESSION (session) && ids != NULL);

  run (doing_new (session, VERB_UNSILENCE, ids));
}
