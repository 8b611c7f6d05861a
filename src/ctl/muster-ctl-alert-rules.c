/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-ctl-alert-rules"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-alerts.h"
#include "client/muster-api-calls.h"
#include "muster-ctl-commands.h"
#include "muster-ctl-format.h"
#include "muster-ctl-inventory.h"

static const char *const name_keys[] = { "name", NULL };

/* The id of the device that TEXT names; "" for NULL. (transfer full) */
static char *
find_device_id (MusterCtl *ctl, const char *text, GError **error)
{
  g_autoptr (MusterEntity) device = NULL;

  if (text == NULL)
    return g_strdup ("");
  device = muster_ctl_find_device (ctl, text, error);
  return device != NULL ? g_strdup (muster_entity_get_id (device)) : NULL;
}

static const char *
get_id (const char *id)
{
  return *id != '\0' ? id : NULL;
}

static gboolean
why (MusterCtl *ctl, MusterEntity *rule, char **rest, GError **error)
{
  g_autofree char *device_id = find_device_id (ctl, rest[0], error);
  JsonObject      *object = NULL;

  if (device_id == NULL)
    return FALSE;
  object =
    dex_await_boxed (muster_api_alert_rules_explain (ctl->client, muster_entity_get_id (rule),
                                                     get_id (device_id)),
                     error);
  return object != NULL && muster_ctl_show_evaluations (ctl, object);
}

static gboolean
backtest (MusterCtl *ctl, MusterEntity *rule, char **rest, GError **error)
{
  static const MusterCtlColumn columns[] = { { N_ ("FROM"), 0 },
                                             { N_ ("TO"), 0 },
                                             { N_ ("SEVERITY"), MUSTER_CTL_COLUMN_COLORED },
                                             { N_ ("METRIC"), MUSTER_CTL_COLUMN_ELIDE },
                                             { N_ ("VALUE"), MUSTER_CTL_COLUMN_RIGHT },
                                             { N_ ("DEVICE"), 0 },
                                             { NULL, 0 } };
  static const char *const     names[] = { "from",  "to",        "severity", "metric",
                                           "value", "device_id", NULL };
  gint64                       now = g_get_real_time ();
  gint64                       from = now - 24 * G_TIME_SPAN_HOUR;
  g_autofree char             *device_id = NULL;
  JsonObject                  *object = NULL;

  if (rest[0] != NULL && !muster_ctl_parse_time (rest[0], "FROM", now, &from, error))
    return FALSE;
  device_id = find_device_id (ctl, rest[0] != NULL ? rest[1] : NULL, error);
  if (device_id == NULL)
    return FALSE;
  object =
    dex_await_boxed (muster_api_alert_rules_backtest (ctl->client, muster_api_make_body (rule),
                                                      get_id (device_id), from, now),
                     error);
  return object != NULL && muster_ctl_show_rows (ctl, object, "firings", columns, names,
                                                 _ ("It would have raised nothing."));
}

static gboolean
make_defaults (MusterCtl *ctl, MusterEntity *rule, char **rest, GError **error)
{
  g_autoptr (MusterEntity) product =
              muster_ctl_collection_find (&muster_ctl_products, ctl, rest[0], error);
  g_autoptr (JsonObject) object = NULL;
  gint64 n_made = 0;

  if (product == NULL)
    return FALSE;
  object = dex_await_boxed (muster_api_alert_rules_make_defaults (ctl->client,
                                                                  muster_entity_get_id (product)),
                            error);
  if (object == NULL)
    return FALSE;
  n_made = json_object_get_int_member (object, "made");
  if (ctl->json)
    muster_ctl_print_object (object);
  else
    muster_ctl_print (ngettext ("Made %d rule.\n", "Made %d rules.\n", (unsigned long)n_made),
                      (int)n_made);
  return TRUE;
}

gboolean
muster_ctl_alert_rules_run (MusterCtl              *ctl,
                            const MusterCtlCommand *command,
                            char                  **args,
                            GError                **error)
{
  static const MusterCtlColumn columns[] = { { N_ ("NAME"), MUSTER_CTL_COLUMN_ELIDE },
                                             { N_ ("KIND"), 0 },
                                             { N_ ("METRIC"), MUSTER_CTL_COLUMN_ELIDE },
                                             { N_ ("OPERATOR"), 0 },
                                             { N_ ("VALUE"), MUSTER_CTL_COLUMN_RIGHT },
                                             { N_ ("SEVERITY"), MUSTER_CTL_COLUMN_COLORED },
                                             { N_ ("SCOPE"), 0 },
                                             { N_ ("ENABLED"), 0 },
                                             { N_ ("ID"), 0 },
                                             { NULL, 0 } };
  static const char *const fields[] = { "name",     "kind",       "metric",  "operator", "value",
                                        "severity", "scope_kind", "enabled", "id",       NULL };
  static const MusterCtlCollection rules = {
    &muster_alert_rule_info, columns, fields, "name", name_keys, N_ ("No rules."),
  };
  static const MusterCtlVerb verbs[] = { { "why", TRUE, 0, 1, why },
                                         { "backtest", TRUE, 0, 2, backtest },
                                         { "defaults", FALSE, 1, 1, make_defaults },
                                         { NULL } };

  return muster_ctl_collection_run (&rules, verbs, ctl, command, args, error);
}

gboolean
muster_ctl_alert_silences_run (MusterCtl              *ctl,
                               const MusterCtlCommand *command,
                               char                  **args,
                               GError                **error)
{
  static const MusterCtlColumn     columns[] = { { N_ ("REASON"), MUSTER_CTL_COLUMN_ELIDE },
                                                 { N_ ("SCOPE"), 0 },
                                                 { N_ ("METRIC"), MUSTER_CTL_COLUMN_ELIDE },
                                                 { N_ ("BEGINS"), 0 },
                                                 { N_ ("ENDS"), 0 },
                                                 { N_ ("BY"), 0 },
                                                 { N_ ("ID"), 0 },
                                                 { NULL, 0 } };
  static const char *const         fields[] = { "reason",  "scope_kind", "metric", "starts_at",
                                                "ends_at", "author",     "id",     NULL };
  static const char *const         reason_keys[] = { "reason", NULL };
  static const MusterCtlCollection silences = {
    &muster_alert_silence_info, columns, fields, "-created_at", reason_keys, N_ ("No silences."),
  };

  return muster_ctl_collection_run (&silences, NULL, ctl, command, args, error);
}
