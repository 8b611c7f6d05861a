/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-ctl-notifications"

#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "client/muster-api-collection.h"
#include "client/muster-api-json.h"
#include "client/muster-api-notifications.h"
#include "muster-ctl-commands.h"
#include "muster-ctl-inventory.h"
#include "muster-ctl-record.h"
#include "muster-ctl-session.h"

#include "model/muster-duty-calendar.h"
#include "model/muster-error.h"
#include "model/muster-escalation.h"
#include "model/muster-notification-channel.h"
#include "model/muster-time.h"

static const char *const name_keys[] = { "name", NULL };

/* --- channels --- */

static const MusterCtlColumn channel_columns[] = { { N_ ("NAME"), MUSTER_CTL_COLUMN_ELIDE },
                                                   { N_ ("KIND"), 0 },
                                                   { N_ ("ENABLED"), 0 },
                                                   { N_ ("FROM SEVERITY"), 0 },
                                                   { N_ ("SECRET"), 0 },
                                                   { N_ ("ID"), 0 },
                                                   { NULL, 0 } };
static const char *const     channel_fields[] = { "name",       "kind", "enabled", "min_severity",
                                                  "has_secret", "id",   NULL };

static const MusterCtlCollection channels = {
  &muster_notification_channel_info,
  channel_columns,
  channel_fields,
  "name",
  name_keys,
  N_ ("No channels."),
};

/* What was said is printed; what was not taken fails. */
static gboolean
test_channel (MusterCtl *ctl, MusterEntity *channel, char **rest, GError **error)
{
  g_autoptr (JsonObject) result =
      dex_await_boxed (muster_api_channels_test (ctl->client, muster_entity_get_id (channel)),
                       error);
  const char *detail;
  gboolean    sent;

  if (result == NULL)
    return FALSE;
  sent = json_object_get_boolean_member_with_default (result, "sent", FALSE);
  detail = muster_api_json_get_string (result, "detail");
  if (ctl->json)
    muster_ctl_print_object (result);
  if (!sent)
    g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_FAILED, _ ("it was not sent: %s"),
                 detail != NULL ? detail : "?");
  else if (!ctl->json)
    muster_ctl_print (detail != NULL ? _ ("sent; %s\n") : _ ("sent\n"), detail);
  return sent;
}

/* From the terminal or the standard input, where no list of processes shows it. */
static gboolean
set_secret (MusterCtl *ctl, MusterEntity *channel, char **rest, GError **error)
{
  g_autofree char *secret = muster_ctl_read_secret (_ ("Secret (empty: none):"), error);
  JsonObject      *changes = NULL;
  gboolean         shown;

  if (secret == NULL)
    return FALSE;
  changes = json_object_new ();
  if (*secret != '\0')
    json_object_set_string_member (changes, "secret", secret);
  else
    json_object_set_null_member (changes, "secret");
  explicit_bzero (secret, strlen (secret));
  shown = muster_ctl_show_entity (
    ctl,
    dex_await_object (muster_api_collection_update (ctl->client, &muster_notification_channel_info,
                                                    muster_entity_get_id (channel), changes, 0),
                      error));
  return shown;
}

gboolean
muster_ctl_channels_run (MusterCtl              *ctl,
                         const MusterCtlCommand *command,
                         char                  **args,
                         GError                **error)
{
  static const MusterCtlVerb verbs[] = { { "test", TRUE, 0, 0, test_channel },
                                         { "secret", TRUE, 0, 0, set_secret },
                                         { NULL } };

  return muster_ctl_collection_run (&channels, verbs, ctl, command, args, error);
}

/* --- escalations --- */

gboolean
muster_ctl_escalations_run (MusterCtl              *ctl,
                            const MusterCtlCommand *command,
                            char                  **args,
                            GError                **error)
{
  static const MusterCtlColumn columns[] = { { N_ ("NAME"), MUSTER_CTL_COLUMN_ELIDE },
                                             { N_ ("DEFAULT"), 0 },
                                             { N_ ("FROM SEVERITY"), 0 },
                                             { N_ ("AGAIN AFTER"), MUSTER_CTL_COLUMN_RIGHT },
                                             { N_ ("PROBLEMS"), MUSTER_CTL_COLUMN_ELIDE },
                                             { N_ ("ID"), 0 },
                                             { NULL, 0 } };
  static const char *const     fields[] = {
    "name", "is_default", "min_severity", "renotify_seconds", "problems", "id", NULL
  };
  static const MusterCtlCollection escalations = {
    &muster_escalation_info, columns, fields, "name", name_keys, N_ ("No escalations."),
  };

  return muster_ctl_collection_run (&escalations, NULL, ctl, command, args, error);
}

/* --- duty calendars --- */

static gboolean
show_on_duty (MusterCtl *ctl, MusterEntity *calendar, char **rest, GError **error)
{
  static const MusterCtlColumn columns[] = { { N_ ("NAME"), MUSTER_CTL_COLUMN_ELIDE },
                                             { N_ ("FROM"), 0 },
                                             { N_ ("TO"), 0 },
                                             { N_ ("EXCEPTION"), 0 },
                                             { NULL, 0 } };
  static const char *const     names[] = { "name", "from", "to", "exception", NULL };
  gint64                       at = 0;

  if (rest[0] != NULL && !muster_time_parse (rest[0], &at))
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                   _ ("“%s” is no time like 2026-12-24T18:00:00Z"), rest[0]);
      return FALSE;
    }
  return muster_ctl_show_rows (ctl,
                               dex_await_boxed (muster_api_duty_calendars_get_on_duty (
                                                  ctl->client, muster_entity_get_id (calendar), at),
                                                error),
                               "people", columns, names, _ ("Nobody is on duty."));
}

gboolean
muster_ctl_duty_run (MusterCtl *ctl, const MusterCtlCommand *command, char **args, GError **error)
{
  static const MusterCtlColumn     columns[] = { { N_ ("NAME"), MUSTER_CTL_COLUMN_ELIDE },
                                                 { N_ ("ID"), 0 },
                                                 { NULL, 0 } };
  static const char *const         fields[] = { "name", "id", NULL };
  static const MusterCtlVerb       verbs[] = { { "now", TRUE, 0, 1, show_on_duty }, { NULL } };
  static const MusterCtlCollection calendars = {
    &muster_duty_calendar_info, columns, fields, "name", name_keys, N_ ("No duty calendars."),
  };

  return muster_ctl_collection_run (&calendars, verbs, ctl, command, args, error);
}

/* --- the delivery log --- */

static gboolean
retry_notification (MusterCtl *ctl, MusterEntity *notification, char **rest, GError **error)
{
  return muster_ctl_show_entity (
    ctl, dex_await_object (muster_api_notifications_retry (ctl->client,
                                                           muster_entity_get_id (notification)),
                           error));
}

gboolean
muster_ctl_notifications_run (MusterCtl              *ctl,
                              const MusterCtlCommand *command,
                              char                  **args,
                              GError                **error)
{
  static const MusterCtlColumn columns[] = { { N_ ("CREATED"), 0 },
                                             { N_ ("KIND"), 0 },
                                             { N_ ("STATUS"), MUSTER_CTL_COLUMN_COLORED },
                                             { N_ ("ATTEMPTS"), MUSTER_CTL_COLUMN_RIGHT },
                                             { N_ ("SUBJECT"), MUSTER_CTL_COLUMN_ELIDE },
                                             { N_ ("PROBLEM"), MUSTER_CTL_COLUMN_ELIDE },
                                             { N_ ("ID"), 0 },
                                             { NULL, 0 } };
  static const char *const     fields[] = { "created_at", "kind",  "status", "attempts",
                                            "subject",    "error", "id",     NULL };
  static const char *const     no_keys[] = { NULL };
  static const MusterCtlVerb   verbs[] = { { "retry", TRUE, 0, 0, retry_notification }, { NULL } };
  static const MusterCtlCollection notifications = {
    &muster_notification_info, columns, fields, "-id", no_keys, N_ ("No notifications."),
  };

  return muster_ctl_collection_run (&notifications, verbs, ctl, command, args, error);
}
