/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-ddi-service.h"

static const MusterEnumValue policies[] = {
  { "withhold", N_ ("Told nothing until it opens") },
  { "skip", N_ ("May download, not install") },
  { NULL, NULL },
};
static const MusterEnum policy_enum = { "SiteWindowPolicy", policies };

/* clang-format off */
const MusterSetting muster_ddi_settings[] = {
  { MUSTER_SETTING_DDI_TENANT, { "ddi_tenant", MUSTER_FIELD_STRING, MUSTER_FIELD_PLAIN, 1, 64, .label = N_("Tenant of update clients"), .doc = "The first word of the address that SWUpdate, RAUC and other clients of hawkBit's API ask: /DEFAULT/controller/v1/… Capitals do not matter." }, "DEFAULT" },
  { MUSTER_SETTING_DDI_TARGET_TOKENS, { "ddi_target_tokens", MUSTER_FIELD_BOOLEAN, MUSTER_FIELD_PLAIN, .default_value = TRUE, .label = N_("Target tokens"), .doc = "Lets an update client in that shows the token of its own device." } },
  { MUSTER_SETTING_DDI_GATEWAY_TOKENS, { "ddi_gateway_tokens", MUSTER_FIELD_BOOLEAN, MUSTER_FIELD_PLAIN, .default_value = FALSE, .label = N_("Gateway token"), .doc = "Lets update clients in that show the site's gateway token, whatever they call themselves; those that are not known yet wait to be adopted." } },
  { MUSTER_SETTING_DDI_GATEWAY_TOKEN, { "ddi_gateway_token", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_SECRET, 8, 128, .label = N_("The gateway token"), .doc = "Whoever has it can ask for the updates of every device. Empty: none." } },
  { MUSTER_SETTING_DDI_PROXY_HEADERS, { "ddi_proxy_headers", MUSTER_FIELD_BOOLEAN, MUSTER_FIELD_PLAIN, .default_value = FALSE, .label = N_("Certificates by a proxy"), .doc = "Lets update clients in whose certificate a reverse proxy has checked, which tells of it in X-Controller-Id and X-Authority." } },
  { MUSTER_SETTING_DDI_PROXIES, { "ddi_proxies", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 0, 1000, .label = N_("Proxies that check certificates"), .doc = "Addresses of such proxies, commas between; what others tell in these headers is not believed." }, "127.0.0.1, ::1" },
  { MUSTER_SETTING_DDI_PROXY_AUTHORITIES, { "ddi_proxy_authorities", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 0, 4000, .label = N_("Trusted authorities"), .doc = "What such a proxy tells of the authorities whose certificates are good, commas between." } },
  { MUSTER_SETTING_DDI_CLIENT_AUTHORITIES, { "ddi_client_authorities", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 0, 1000, .label = N_("Authorities of client certificates"), .doc = "PEM file, on the machine of the service, of authorities by whose certificates update clients are let in that ask over HTTPS: the common name is the controller id. It is read when it is set, and at each start. Empty: nobody is asked for a certificate." } },
  { MUSTER_SETTING_DDI_OPEN_DOWNLOADS, { "ddi_open_downloads", MUSTER_FIELD_BOOLEAN, MUSTER_FIELD_PLAIN, .default_value = FALSE, .label = N_("Downloads without a token"), .doc = "Lets files of a device's own updates be fetched without a token, which delta updates and some clients need. Whoever knows the device's name can read its firmware." } },
  { MUSTER_SETTING_DDI_POLLING_TIME, { "ddi_polling_time", MUSTER_FIELD_INTEGER, MUSTER_FIELD_PLAIN, 1, 86399, .unit = "s", .default_value = 300, .label = N_("Polling time"), .doc = "How long update clients wait before they ask again." } },
  { MUSTER_SETTING_DDI_OVERDUE_TIME, { "ddi_overdue_time", MUSTER_FIELD_INTEGER, MUSTER_FIELD_PLAIN, 1, 86399, .unit = "s", .default_value = 300, .label = N_("Overdue after"), .doc = "How long after the time of its poll a client that is not adopted is still shown." } },
  { MUSTER_SETTING_DDI_APPROVE_ROLLOUTS, { "ddi_approve_rollouts", MUSTER_FIELD_BOOLEAN, MUSTER_FIELD_PLAIN, .default_value = FALSE, .label = N_("Approval of tools’ rollouts"), .doc = "Whether a rollout that a tool of hawkBit's Management API makes waits until another person than who made it approves it." } },
  { MUSTER_SETTING_DDI_WINDOW_POLICY, { "ddi_window_policy", MUSTER_FIELD_ENUM, MUSTER_FIELD_PLAIN, .enumeration = &policy_enum, .label = N_("Outside of a window"), .doc = "What update clients are told of an update whose maintenance window is not open, or that is only to be downloaded. SWUpdate takes an update that it may not install yet for one that is done, so it must be told nothing." } },
  { NULL },
};
/* clang-format on */
