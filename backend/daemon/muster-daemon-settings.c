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
  { MUSTER_SETTING_VICTORIA_URL, { "samples_victoria_url", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 0, 260, .label = N_("VictoriaMetrics"), .doc = "Keep samples in VictoriaMetrics at this address instead of on this machine: https://metrics.example:8428, of a cluster that of vminsert. What is stored here already stays here and is still shown. Empty: on this machine." }, NULL, TRUE },
  { MUSTER_SETTING_VICTORIA_SELECT_URL, { "samples_victoria_select_url", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 0, 260, .label = N_("VictoriaMetrics, reading"), .doc = "Of a cluster, the address of vmselect. Empty: the same." }, NULL, TRUE },
  { MUSTER_SETTING_VICTORIA_TENANT, { "samples_victoria_tenant", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 0, 21, .label = N_("VictoriaMetrics tenant"), .doc = "Of a cluster, the account, or account:project. Empty: a single node." }, NULL, TRUE },
  { MUSTER_SETTING_VICTORIA_USER, { "samples_victoria_user", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 0, 120, .label = N_("VictoriaMetrics user"), .doc = "User name at VictoriaMetrics." }, NULL, TRUE },
  { MUSTER_SETTING_VICTORIA_PASSWORD, { "samples_victoria_password", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_SECRET, 0, 200, .label = N_("VictoriaMetrics password"), .doc = "Password at VictoriaMetrics." }, NULL, TRUE },
  { MUSTER_SETTING_VICTORIA_TOKEN, { "samples_victoria_token", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_SECRET, 0, 2000, .label = N_("VictoriaMetrics token"), .doc = "Bearer token, instead of a user and a password." }, NULL, TRUE },
  { MUSTER_SETTING_VICTORIA_CA_FILE, { "samples_victoria_ca_file", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 0, 1000, .label = N_("VictoriaMetrics certificate authority"), .doc = "PEM file of the authority that signed its certificate; empty: those of the machine." }, NULL, TRUE },
  { MUSTER_SETTING_VICTORIA_BACKLOG, { "samples_victoria_backlog", MUSTER_FIELD_INTEGER, MUSTER_FIELD_PLAIN, 16, 1048576, .unit = "MiB", .label = N_("VictoriaMetrics backlog"), .doc = "How much may wait on this machine while VictoriaMetrics is away; after that samples are refused until it is back.", .default_value = 1024 }, NULL, TRUE },
  { NULL },
};
/* clang-format on */
