/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-alert-actions"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-alerts.h"
#include "client/muster-api-json.h"
#include "muster-alert-actions.h"
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
start (const Doing *doing)
{
  MusterApiClient   *client = muster_session_get_client (doing->session);
  const char *const *ids = (const char *const *)doing->ids;

  switch (doing->verb)
    {
    case VERB_ASSIGN:
      return muster_api_alerts_assign_many (client, ids, doing->text);
    case VERB_SILENCE:
      return muster_api_alerts_silence_many (client, ids, doing->until, doing->text);
    case VERB_UNSILENCE:
      return muster_api_alerts_unsilence_many (client, ids);
    case VERB_RESOLVE:
      return muster_api_alerts_resolve_many (client, ids, doing->text);
    case VERB_ACKNOWLEDGE:
    default:
      return muster_api_alerts_acknowledge_many (client, ids, doing->text);
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

/* What failed, of N alerts: (transfer none). */
static const char *
describe_failure (const Doing *doing, unsigned n)
{
  switch (doing->verb)
    {
    case VERB_ASSIGN:
      return ngettext ("Could not assign it", "Could not assign all of them", n);
    case VERB_SILENCE:
      return ngettext ("Could not silence it", "Could not silence all of them", n);
    case VERB_UNSILENCE:
      return ngettext ("Could not end the silence", "Could not end all of the silences", n);
    case VERB_RESOLVE:
      return ngettext ("Could not resolve it", "Could not resolve all of them", n);
    case VERB_ACKNOWLEDGE:
    default:
      return ngettext ("Could not acknowledge it", "Could not acknowledge all of them", n);
    }
}

/* --- doing --- */

/* The member NAME of the first of RESULTS with this OUTCOME, and how many have it into N
 * (nullable): (transfer none) (nullable). */
static const char *
find_result (JsonArray *results, const char *outcome, const char *name, unsigned *n)
{
  const char *found = NULL;

  for (guint i = 0; results != NULL && i < json_array_get_length (results); i++)
    {
      JsonObject *row = json_array_get_object_element (results, i);

      if (g_strcmp0 (muster_api_json_get_string (row, "outcome"), outcome) != 0)
        continue;
      if (found == NULL)
        found = muster_api_json_get_string (row, name);
      if (n != NULL)
        (*n)++;
    }
  return found;
}

/* What became of them: all that changed is taken back at once, and nothing is passed over. */
static void
tell (const Doing *doing, JsonObject *answer)
{
  JsonArray  *results = muster_api_json_get_array (answer, "results");
  unsigned    n_changed = 0, n_refused = 0;
  const char *changed = find_result (results, "changed", "id", &n_changed);
  const char *reason = find_result (results, "refused", "detail", &n_refused);

  if (changed != NULL)
    {
      g_autofree char *text = describe (doing, n_changed);

      muster_session_offer_journal_undo (doing->session, text, "alert", changed);
    }
  else if (reason == NULL)
    muster_session_tell (doing->session, _ ("Nothing to do: it is so already"));
  if (reason != NULL)
    {
      g_autoptr (GError) error = g_error_new_literal (MUSTER_ERROR, MUSTER_ERROR_CONFLICT, reason);

      muster_session_tell_error (doing->session, describe_failure (doing, n_refused), error);
    }
}

static DexFuture *
muster_alerts_fiber (gpointer user_data)
{
  Doing *doing = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) answer = dex_await_boxed (start (doing), &error);

  if (answer != NULL)
    tell (doing, answer);
  else
    muster_session_tell_error (doing->session, describe_failure (doing, g_strv_length (doing->ids)),
                               error);
  return dex_future_new_true ();
}

/* DOING is taken. */
static void
run (Doing *doing)
{
  if (doing->ids[0] == NULL)
    doing_free (doing);
  else
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
