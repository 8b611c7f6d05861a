/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-ctl-alerts"

#include "config.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>

#include "client/muster-api-alerts.h"
#include "client/muster-api-collection.h"
#include "client/muster-api-json.h"
#include "muster-ctl-commands.h"
#include "muster-ctl-format.h"
#include "muster-ctl-inventory.h"
#include "muster-ctl-record.h"

#include "model/muster-error.h"
#include "model/muster-person.h"

static const MusterCtlColumn columns[] = { { N_ ("TITLE"), MUSTER_CTL_COLUMN_ELIDE },
                                           { N_ ("SEVERITY"), MUSTER_CTL_COLUMN_COLORED },
                                           { N_ ("STATUS"), 0 },
                                           { N_ ("RAISED"), 0 },
                                           { N_ ("SILENCED UNTIL"), 0 },
                                           { N_ ("EXPLAINS"), MUSTER_CTL_COLUMN_RIGHT },
                                           { N_ ("ID"), 0 },
                                           { NULL, 0 } };
static const char *const     fields[] = { "title",          "severity", "status", "raised_at",
                                          "silenced_until", "children", "id",     NULL };
static const char *const     keys[] = { "title", NULL };

static const MusterCtlCollection alerts = {
  &muster_alert_info, columns, fields, "-raised_at", keys, N_ ("No alerts."),
};

/* Prints ALERT as it is now. */
static gboolean
show (MusterCtl *ctl, DexFuture *future, GError **error)
{
  return muster_ctl_show_entity (ctl, dex_await_object (future, error));
}

static gboolean
acknowledge (MusterCtl *ctl, MusterEntity *alert, char **rest, GError **error)
{
  return show (ctl,
               muster_api_alerts_acknowledge (ctl->client, muster_entity_get_id (alert), rest[0]),
               error);
}

static gboolean
resolve (MusterCtl *ctl, MusterEntity *alert, char **rest, GError **error)
{
  return show (ctl, muster_api_alerts_resolve (ctl->client, muster_entity_get_id (alert), rest[0]),
               error);
}

/* The person's id into ID: (transfer full), NULL for nobody. */
static gboolean
find_person (MusterCtl *ctl, const char *name, char **id, GError **error)
{
  g_autoptr (MusterEntity) person = NULL;

  if (g_str_equal (name, "nobody"))
    return TRUE;
  person = muster_ctl_collection_find (muster_ctl_collection_of ("person"), ctl, name, error);
  if (person == NULL)
    return FALSE;
  *id = g_strdup (muster_entity_get_id (person));
  return TRUE;
}

static gboolean
assign (MusterCtl *ctl, MusterEntity *alert, char **rest, GError **error)
{
  g_autofree char *person = NULL;

  return find_person (ctl, rest[0], &person, error) &&
         show (ctl, muster_api_alerts_assign (ctl->client, muster_entity_get_id (alert), person),
               error);
}

/* The moment (UTC microseconds) that lies TEXT ahead, into UNTIL. */
static gboolean
read_until (const char *text, gint64 *until, GError **error)
{
  gint64 duration = muster_ctl_parse_duration (text);

  *until = g_get_real_time () + duration;
  if (duration > 0)
    return TRUE;
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               _ ("“%s” is no duration like 30m, 2h or 7d"), text);
  return FALSE;
}

static gboolean
silence (MusterCtl *ctl, MusterEntity *alert, char **rest, GError **error)
{
  gint64 until;

  return read_until (rest[0], &until, error) &&
         show (ctl,
               muster_api_alerts_silence (ctl->client, muster_entity_get_id (alert), until,
                                          rest[1]),
               error);
}

static gboolean
unsilence (MusterCtl *ctl, MusterEntity *alert, char **rest, GError **error)
{
  return show (ctl, muster_api_alerts_unsilence (ctl->client, muster_entity_get_id (alert)), error);
}

gboolean
muster_ctl_show_evaluations (MusterCtl *ctl, JsonObject *object)
{
  static const MusterCtlColumn titles[] = { { N_ ("AT"), 0 },
                                            { N_ ("METRIC"), MUSTER_CTL_COLUMN_ELIDE },
                                            { N_ ("VALUE"), MUSTER_CTL_COLUMN_RIGHT },
                                            { N_ ("THRESHOLD"), MUSTER_CTL_COLUMN_RIGHT },
                                            { N_ ("OUTCOME"), MUSTER_CTL_COLUMN_COLORED },
                                            { N_ ("REASON"), 0 },
                                            { NULL, 0 } };
  static const char *const     names[] = { "at",      "metric", "value", "threshold",
                                           "outcome", "reason", NULL };

  return muster_ctl_show_rows (ctl, object, "evaluations", titles, names,
                               _ ("Nothing was evaluated lately."));
}

static void
print_member (JsonObject *object, const char *member, const char *name, const char *label)
{
  JsonNode        *node = json_object_get_member (object, member);
  const char      *text = node != NULL && JSON_NODE_HOLDS_OBJECT (node)
                            ? muster_api_json_get_string (json_node_get_object (node), name)
                            : NULL;
  g_autofree char *line = text != NULL ? muster_ctl_format_line (text) : NULL;

  if (line != NULL)
    muster_ctl_print ("%s: %s\n", label, line);
}

static gboolean
why (MusterCtl *ctl, MusterEntity *alert, char **rest, GError **error)
{
  JsonObject *object =
    dex_await_boxed (muster_api_alerts_explain (ctl->client, muster_entity_get_id (alert)), error);

  if (object == NULL)
    return FALSE;
  if (!ctl->json)
    {
      print_member (object, "alert", "title", _ ("Alert"));
      print_member (object, "alert", "explanation", _ ("Began"));
      print_member (object, "rule", "name", _ ("Rule"));
      print_member (object, "cause", "title", _ ("Cause"));
    }
  return muster_ctl_show_evaluations (ctl, object);
}

/* --- many at once --- */

/* Each starts its call about IDS; NULL without one. */
typedef DexFuture *(*ManyFunc) (MusterCtl *ctl, const char *const *ids, char **rest, GError **);

static DexFuture *
acknowledge_many (MusterCtl *ctl, const char *const *ids, char **rest, GError **error)
{
  return muster_api_alerts_acknowledge_many (ctl->client, ids, rest[0]);
}

static DexFuture *
assign_many (MusterCtl *ctl, const char *const *ids, char **rest, GError **error)
{
  g_autofree char *person = NULL;

  return find_person (ctl, rest[0], &person, error)
           ? muster_api_alerts_assign_many (ctl->client, ids, person)
           : NULL;
}

static DexFuture *
silence_many (MusterCtl *ctl, const char *const *ids, char **rest, GError **error)
{
  gint64 until;

  return read_until (rest[0], &until, error)
           ? muster_api_alerts_silence_many (ctl->client, ids, until, rest[1])
           : NULL;
}

static DexFuture *
unsilence_many (MusterCtl *ctl, const char *const *ids, char **rest, GError **error)
{
  return muster_api_alerts_unsilence_many (ctl->client, ids);
}

static DexFuture *
resolve_many (MusterCtl *ctl, const char *const *ids, char **rest, GError **error)
{
  return muster_api_alerts_resolve_many (ctl->client, ids, rest[0]);
}

static const struct
{
  const char *verb, *filter; /* which it concerns unless a status is given */
  int         minimum, maximum;
  ManyFunc    start;
} many[] = {
  { "acknowledge", "status=open", 0, 1, acknowledge_many },
  { "assign", "status=open,acknowledged", 1, 1, assign_many },
  { "silence", "status=open,acknowledged", 1, 2, silence_many },
  { "unsilence", "status=open,acknowledged", 0, 0, unsilence_many },
  { "resolve", "status=open,acknowledged", 0, 1, resolve_many },
};

/* The rows that were refused, and how many changed. */
static void
print_results (JsonObject *answer)
{
  JsonArray *results = muster_api_json_get_array (answer, "results");

  for (guint i = 0; results != NULL && i < json_array_get_length (results); i++)
    {
      JsonObject *row = json_array_get_object_element (results, i);
      const char *detail = muster_api_json_get_string (row, "detail");

      if (detail != NULL)
        muster_ctl_print ("%s: %s\n", muster_api_json_get_string (row, "id"), detail);
    }
  muster_ctl_print (_ ("%" PRId64 " of %u alerts changed\n"),
                    json_object_get_int_member_with_default (answer, "changed", 0),
                    results != NULL ? json_array_get_length (results) : 0);
}

/* How many of REST are `field=value`: those come first. */
static unsigned
count_filters (char **rest)
{
  unsigned n = 0;

  while (rest[n] != NULL && strchr (rest[n], '=') != NULL)
    n++;
  return n;
}

/* All that REST's filters leave over, dealt with by the WHICH-th verb. */
static gboolean
act_on_all (MusterCtl *ctl, size_t which, char **rest, GError **error)
{
  unsigned n_filters = count_filters (rest);
  gboolean has_status = FALSE;
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) pairs = NULL;
  g_auto (GStrv) ids = NULL;
  g_autoptr (JsonObject) answer = NULL;
  DexFuture *work = NULL;

  for (unsigned i = 0; i < n_filters; i++)
    {
      g_strv_builder_add (builder, rest[i]);
      has_status |= g_str_has_prefix (rest[i], "status=");
    }
  if (!has_status)
    g_strv_builder_add (builder, many[which].filter);
  pairs = g_strv_builder_end (builder);
  ids = muster_ctl_collection_list_ids (&alerts, ctl, pairs, error);
  work =
    ids != NULL ? many[which].start (ctl, (const char *const *)ids, rest + n_filters, error) : NULL;
  answer = work != NULL ? dex_await_boxed (work, error) : NULL;
  if (answer == NULL)
    return FALSE;
  if (ctl->json)
    muster_ctl_print_object (answer);
  else
    print_results (answer);
  return TRUE;
}

/* The arguments with `status=…` before what filters: those that go on. */
static char **
add_open (char **args)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  g_strv_builder_add_many (builder, args[0], "list", "status=open,acknowledged", NULL);
  for (char **arg = args + 1; *arg != NULL; arg++)
    if (arg != args + 1 || !g_str_equal (*arg, "list"))
      g_strv_builder_add (builder, *arg);
  return g_strv_builder_end (builder);
}

static gboolean
is_list (char **args)
{
  const char *first = args[1];

  return first == NULL || *first == '-' || g_str_equal (first, "list") ||
         strchr (first, '=') != NULL;
}

static gboolean
run_all (MusterCtl *ctl, const MusterCtlCommand *command, size_t which, char **args, GError **error)
{
  g_auto (GStrv) own = g_strdupv (args);
  int n_filters = (int)count_filters (args + 3);

  return muster_ctl_parse (ctl, command, NULL, &own, 2 + n_filters + many[which].minimum,
                           2 + n_filters + many[which].maximum, error) &&
         act_on_all (ctl, which, own + 3, error);
}

gboolean
muster_ctl_alerts_run (MusterCtl *ctl, const MusterCtlCommand *command, char **args, GError **error)
{
  static const MusterCtlVerb verbs[] = {
    { "acknowledge", TRUE, 0, 1, acknowledge },
    { "assign", TRUE, 1, 1, assign },
    { "silence", TRUE, 1, 2, silence },
    { "unsilence", TRUE, 0, 0, unsilence },
    { "resolve", TRUE, 0, 1, resolve },
    { "why", TRUE, 0, 0, why },
    { NULL },
  };
  g_auto (GStrv) own = NULL;

  if (g_strcmp0 (args[1], "rules") == 0)
    return muster_ctl_alert_rules_run (ctl, command, args + 1, error);
  if (g_strcmp0 (args[1], "silences") == 0)
    return muster_ctl_alert_silences_run (ctl, command, args + 1, error);
  for (size_t i = 0; i < G_N_ELEMENTS (many); i++)
    if (g_strcmp0 (args[1], many[i].verb) == 0 && g_strcmp0 (args[2], "all") == 0)
      return run_all (ctl, command, i, args, error);
  own = is_list (args) ? add_open (args) : g_strdupv (args);
  if (g_strcmp0 (own[1], "all") == 0)
    g_set_str (&own[1], "list");
  return muster_ctl_collection_run (&alerts, verbs, ctl, command, own, error);
}
