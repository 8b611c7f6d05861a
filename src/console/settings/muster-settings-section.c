/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-settings-section"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-broker-group.h"
#include "muster-console-group.h"
#include "muster-retention-group.h"
#include "muster-scan-group.h"
#include "muster-settings-section.h"
#include "muster-site-group.h"

/* clang-format off */
static const MusterSettingsSection sections[] = {
  { "site", N_("Site"), N_("Name and time zone"), N_("timezone"), "muster-place-symbolic", "getSite", .get_group_type = muster_site_group_get_type },
  { "broker", N_("Broker"), N_("How devices speak to the site"), N_("MQTT TLS port certificate"), "muster-gateway-symbolic", "getMessagingStatus", { "broker." }, .get_group_type = muster_broker_group_get_type },
  { "samples", N_("Samples"), N_("How long they are kept, how much room there is, and where"), N_("retention delete VictoriaMetrics disk"), "muster-telemetry-symbolic", "listSettings", { "samples.", "telemetry." }, .get_group_type = muster_retention_group_get_type },
  { "alerts", N_("Alerts"), N_("Default rules, what is folded, and how long alerts are kept"), N_("notifications messages log"), "muster-alert-symbolic", "listSettings", { "alerts.", "notifications." } },
  { "people", N_("People"), N_("Who may register, and how long a sign-in lasts"), N_("accounts token password role"), "system-users-symbolic", "listSettings", { "accounts." } },
  { "network", N_("Network"), N_("How many requests are taken, and from which pages"), N_("HTTP HTTPS CORS origin rate limit"), "network-transmit-receive-symbolic", "listSettings", { "http." } },
  { "firmware", N_("Firmware"), N_("Signatures, room, how long it is kept, and clients that ask for it"), N_("update image OTA SWUpdate RAUC hawkBit DDI token polling"), "muster-firmware-symbolic", "listSettings", { "firmware.", "ddi." } },
  { "factory", N_("Factory"), N_("The label printer, and the tools that write firmware over cables"), N_("flash esptool AVRDUDE picotool stm32flash OpenOCD labels ZPL PDF printer"), "muster-factory-symbolic", "listSettings", { "labels.", "flash." } },
  { "service", N_("Service"), N_("Attachments, jobs, and what belongs nowhere else"), N_("files limit daemon"), "muster-service-symbolic", "listSettings", .is_rest = TRUE },
  { "scanner", N_("Hand Scanner"), N_("Sounds, and how a scanner is told from a person"), N_("bar code beep wedge"), "muster-scan-symbolic", NULL, .is_of_window = TRUE, .get_group_type = muster_scan_group_get_type },
  { "console", N_("This Console"), N_("Sounds, lock, and the site that it shows"), N_("connect token idle"), "video-display-symbolic", NULL, .is_of_window = TRUE, .get_group_type = muster_console_group_get_type },
};
/* clang-format on */

const MusterSettingsSection *
muster_settings_sections_list (unsigned *n_sections)
{
  *n_sections = G_N_ELEMENTS (sections);
  return sections;
}

const MusterSettingsSection *
muster_settings_section_find (const char *name)
{
  for (unsigned i = 0; i < G_N_ELEMENTS (sections); i++)
    if (g_strcmp0 (sections[i].name, name) == 0)
      return &sections[i];
  return NULL;
}

gboolean
muster_settings_section_is_there (const MusterSettingsSection *self, MusterSession *session)
{
  /* A window without settings of its own is one of a test or a kiosk. */
  if (self->get_group_type == muster_scan_group_get_type &&
      muster_session_get_settings (session) == NULL)
    return FALSE;
  return self->operation == NULL || muster_session_may (session, self->operation);
}

static gboolean
has_by_name (const MusterSettingsSection *self, const char *key)
{
  for (unsigned i = 0; i < G_N_ELEMENTS (self->prefixes) && self->prefixes[i] != NULL; i++)
    if (g_str_has_prefix (key, self->prefixes[i]))
      return TRUE;
  return FALSE;
}

gboolean
muster_settings_section_has (const MusterSettingsSection *self, const char *key)
{
  g_return_val_if_fail (key != NULL, FALSE);

  if (!self->is_rest)
    return has_by_name (self, key);
  for (unsigned i = 0; i < G_N_ELEMENTS (sections); i++)
    if (has_by_name (&sections[i], key))
      return FALSE;
  return TRUE;
}
