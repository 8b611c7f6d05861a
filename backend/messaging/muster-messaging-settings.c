/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-messaging-settings"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-messaging-settings.h"

/* clang-format off */
const MusterSetting muster_messaging_settings[] = {
  { "broker.external-uri", { "broker.external-uri", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 1, 300, .label = N_("External broker"), .doc = "Address of the site's own MQTT broker, as mqtts://host:8883; empty: Muster runs one by itself." }, NULL, TRUE },
  { "broker.external-user", { "broker.external-user", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 1, 128, .label = N_("User at the external broker"), .doc = "User name with which Muster logs in there." }, NULL, TRUE },
  { "broker.external-password", { "broker.external-password", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_SECRET, 1, 300, .label = N_("Password at the external broker"), .doc = "Password with which Muster logs in there." }, NULL, TRUE },
  { "broker.external-ca-file", { "broker.external-ca-file", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 1, 1000, .label = N_("Authority of the external broker"), .doc = "PEM file of the authority that signed its certificate; empty: those the system trusts." }, NULL, TRUE },
  { "sparkplug.reorder-timeout", { "sparkplug.reorder-timeout", MUSTER_FIELD_INTEGER, MUSTER_FIELD_PLAIN, 100, 60000, .unit = "ms", .default_value = 2000, .label = N_("Patience with messages out of order"), .doc = "How long a gap in a node's sequence numbers may last before it is asked for its births." }, NULL, TRUE },
  { "sparkplug.rebirth-interval", { "sparkplug.rebirth-interval", MUSTER_FIELD_INTEGER, MUSTER_FIELD_PLAIN, 1000, 3600000, .unit = "ms", .default_value = 10000, .label = N_("Least time between rebirth requests"), .doc = "To one node." }, NULL, TRUE },
  { NULL },
};
/* clang-format on */

static const char *
get_text (MusterSettings *settings, const char *key)
{
  const char *text = muster_settings_get_string (settings, key);

  return text != NULL && *text != '\0' ? text : NULL;
}

void
muster_messaging_settings_apply (MusterSettings *settings, MusterMessagingOptions *options)
{
  static const MusterSparkplugOptions defaults = MUSTER_SPARKPLUG_OPTIONS_DEFAULT;

  g_return_if_fail (MUSTER_IS_SETTINGS (settings) && options != NULL);

  options->external_uri = get_text (settings, "broker.external-uri");
  options->external_user = get_text (settings, "broker.external-user");
  options->external_password = get_text (settings, "broker.external-password");
  options->external_ca_file = get_text (settings, "broker.external-ca-file");
  options->sparkplug = defaults;
  options->sparkplug.reorder_timeout =
    muster_settings_get_integer (settings, "sparkplug.reorder-timeout") * G_TIME_SPAN_MILLISECOND;
  options->sparkplug.rebirth_interval =
    muster_settings_get_integer (settings, "sparkplug.rebirth-interval") * G_TIME_SPAN_MILLISECOND;
}
