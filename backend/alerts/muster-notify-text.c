/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-notify-text"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "core/muster-journal.h"
#include "model/muster-alert.h"
#include "model/muster-device-event.h"
#include "model/muster-device.h"
#include "model/muster-location.h"
#include "model/muster-number.h"
#include "model/muster-site.h"
#include "muster-notify-text.h"

#define MAX_SUBJECT 300

static MusterEntity *
follow (MusterTransaction      *transaction,
        MusterEntity           *alert,
        const char             *name,
        const MusterEntityInfo *info)
{
  const char *id = muster_entity_get_string (alert, name);

  return id != NULL ? muster_transaction_get (transaction, info, id, NULL) : NULL;
}

static char *
make_subject (MusterEntity *alert, MusterNotificationKind kind)
{
  const char *title = muster_entity_get_string (alert, "title");
  const char *severity =
    muster_enum_get_label (&muster_severity_enum, muster_entity_get_enum (alert, "severity"));
  g_autofree char *subject = NULL;

  if (kind == MUSTER_NOTIFICATION_RESOLVE)
    /* Translators: of an alert that is over; %s is what was wrong */
    subject = g_strdup_printf (_ ("Resolved: %s"), title);
  else if (kind == MUSTER_NOTIFICATION_REPEAT)
    /* Translators: of an alert that people are told of again; %s is how much it matters, %s what is
     * wrong */
    subject =
      g_strdup_printf (_ ("Still open: %s: %s"), g_dgettext (GETTEXT_PACKAGE, severity), title);
  else
    subject = g_strdup_printf ("%s: %s", g_dgettext (GETTEXT_PACKAGE, severity), title);
  return g_utf8_substring (subject, 0, MIN (g_utf8_strlen (subject, -1), MAX_SUBJECT));
}

static void
append_line (GString *body, const char *label, const char *value)
{
  if (value != NULL && *value != '\0')
    g_string_append_printf (body, "%s: %s\n", label, value);
}

static void
append_time (GString      *body,
             const char   *label,
             MusterEntity *alert,
             const char   *name,
             GTimeZone    *zone)
{
  g_autoptr (GDateTime) utc = NULL;
  g_autoptr (GDateTime) local = NULL;
  g_autofree char *text = NULL;

  if (muster_entity_is_null (alert, name))
    return;
  utc = g_date_time_new_from_unix_utc_usec (muster_entity_get_integer (alert, name));
  local = g_date_time_to_timezone (utc, zone);
  text = g_date_time_format (local, "%Y-%m-%d %H:%M:%S %Z");
  append_line (body, label, text);
}

static char *
format_number (double value, const char *unit)
{
  g_autofree char *number = muster_number_format (value, 6);

  return unit != NULL ? g_strdup_printf ("%s %s", number, unit) : g_steal_pointer (&number);
}

static void
append_value (GString *body, MusterEntity *alert)
{
  const char      *unit = muster_entity_get_string (alert, "unit");
  g_autofree char *value = NULL;
  g_autofree char *threshold = NULL;
  g_autofree char *both = NULL;

  if (muster_entity_is_null (alert, "value"))
    return;
  value = format_number (muster_entity_get_double (alert, "value"), unit);
  if (!muster_entity_is_null (alert, "threshold"))
    {
      threshold = format_number (muster_entity_get_double (alert, "threshold"), unit);
      /* Translators: a value, and the threshold that it went over */
      both = g_strdup_printf (_ ("%s (threshold %s)"), value, threshold);
    }
  append_line (body, _ ("Value"), both != NULL ? both : value);
}

static char *
make_body (MusterEntity *alert,
           MusterEntity *device,
           MusterEntity *place,
           MusterEntity *site,
           GTimeZone    *zone)
{
  GString    *body = g_string_new (NULL);
  const char *detail = muster_entity_get_string (alert, "detail");

  g_string_append_printf (body, "%s\n\n",
                          detail != NULL && *detail != '\0'
                            ? detail
                            : muster_entity_get_string (alert, "title"));
  if (device != NULL)
    append_line (body, _ ("Device"), muster_entity_get_string (device, "name"));
  if (place != NULL)
    append_line (body, _ ("Place"), muster_entity_get_string (place, "path"));
  append_line (body, _ ("Metric"), muster_entity_get_string (alert, "metric"));
  append_value (body, alert);
  append_line (body, _ ("Explanation"), muster_entity_get_string (alert, "explanation"));
  append_time (body, _ ("Raised"), alert, "raised_at", zone);
  append_time (body, _ ("Resolved"), alert, "resolved_at", zone);
  append_line (body, _ ("Resolved by"), muster_entity_get_string (alert, "resolved_by"));
  if (site != NULL)
    append_line (body, _ ("Site"), muster_entity_get_string (site, "name"));
  return g_string_free_and_steal (body);
}

static char *
make_data (MusterEntity *alert, MusterEntity *device, MusterEntity *place)
{
  GString *json = g_string_new ("{\"alert\":");

  muster_entity_encode (alert, json);
  if (device != NULL)
    {
      g_string_append (json, ",\"device\":");
      muster_json_append_string (json, muster_entity_get_string (device, "name"), -1);
    }
  if (place != NULL)
    {
      g_string_append (json, ",\"place\":");
      muster_json_append_string (json, muster_entity_get_string (place, "path"), -1);
    }
  g_string_append_c (json, '}');
  return g_string_free_and_steal (json);
}

void
muster_notify_text_init (MusterNotifyText      *self,
                         MusterTransaction     *transaction,
                         MusterEntity          *alert,
                         MusterNotificationKind kind,
                         GTimeZone             *zone)
{
  g_autoptr (MusterQuery) query = muster_query_new (&muster_site_info);
  g_autoptr (MusterEntity) site = muster_transaction_find (transaction, query, NULL);
  g_autoptr (MusterEntity) device = follow (transaction, alert, "device_id", &muster_device_info);
  g_autoptr (MusterEntity) place = follow (transaction, alert, "location_id", &muster_location_info);

  self->subject = make_subject (alert, kind);
  self->body = make_body (alert, device, place, site, zone);
  self->data = make_data (alert, device, place);
}

void
muster_notify_text_clear (MusterNotifyText *self)
{
  g_clear_pointer (&self->subject, g_free);
  g_clear_pointer (&self->body, g_free);
  g_clear_pointer (&self->data, g_free);
}
