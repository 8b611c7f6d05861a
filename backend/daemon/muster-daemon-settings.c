/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-daemon-settings.h"

/* clang-format off */
const MusterSetting muster_daemon_settings[] = {
  { MUSTER_SETTING_BROKER_URI, { "broker_external_uri", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 0, 260, .label = N_("Broker"), .doc = "Use this MQTT broker of the site instead of an own one: mqtts://broker.example:8883. Empty: the own one." }, NULL, TRUE },
  { MUSTER_SETTING_BROKER_USER, { "broker_external_user", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 0, 120, .label = N_("Broker user"), .doc = "User name at the site's broker." }, NULL, TRUE },
  { MUSTER_SETTING_BROKER_PASSWORD, { "broker_external_password", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_SECRET, 0, 200, .label = N_("Broker password"), .doc = "Password at the site's broker." }, NULL, TRUE },
  { MUSTER_SETTING_BROKER_CA_FILE, { "broker_external_ca_file", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 0, 1000, .label = N_("Broker certificate authority"), .doc = "PEM file of the authority that signed the site's broker; empty: those of the machine." }, NULL, TRUE },
  { MUSTER_SETTING_BROKER_PLAIN, { "broker_plain", MUSTER_FIELD_BOOLEAN, 0, .default_value = FALSE, .label = N_("Devices without TLS"), .doc = "Lets devices that cannot do TLS, such as Shelly of the first generation and small builds of Tasmota, sign in unencrypted. Whoever listens on the network can read their passwords and values and speak in their names, though for nothing but the topics of their families. Leave it off where every device can do TLS." }, NULL, TRUE },
  { MUSTER_SETTING_BROKER_PLAIN_PORT, { "broker_plain_port", MUSTER_FIELD_INTEGER, 0, 1, 65535, .default_value = 1883, .label = N_("Port for devices without TLS"), .doc = "Where the own broker listens without TLS, if it does." }, NULL, TRUE },
  { NULL },
};
/* clang-format on */
