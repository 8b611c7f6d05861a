/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-ddi-resource"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-ddi-call.h"
#include "muster-ddi-resource.h"

/* SWUpdate sends up to 48 messages of 2 KiB at once. */
#define FEEDBACK_LIMIT (256 * 1024)
#define BASE "/{tenant}/controller/v1/{controllerId}"
#define FLAGS (MUSTER_ROUTE_PUBLIC | MUSTER_ROUTE_OPEN_QUERY)

/* clang-format off */
static const MusterField action_query[] = {
  { "actionHistory", MUSTER_FIELD_INTEGER, MUSTER_FIELD_PLAIN, -2147483648, 2147483647, .label = N_("History"), .doc = "How many of the device's own messages are told too; less than 0: all, at most 100." },
};

static const MusterShape base_shape = { .schema = "DdiBase", .doc = "When to ask again, and links to what there is to do.", .media_type = "application/hal+json" };
static const MusterShape deployment_shape = { .schema = "DdiDeployment", .doc = "What to download, from where, and how to handle it.", .media_type = "application/hal+json" };
static const MusterShape cancel_shape = { .schema = "DdiCancel", .doc = "Which action is cancelled.", .media_type = "application/hal+json" };
static const MusterShape consent_shape = { .schema = "DdiConfirmation", .doc = "Whether the device confirms by itself, and what waits.", .media_type = "application/hal+json" };
static const MusterShape artifacts_shape = { .schema = "DdiArtifacts", .doc = "The files of a software module.", .media_type = "application/hal+json" };
static const MusterShape file_shape = { .schema = "DdiFile", .doc = "The bytes of a file, or ranges of them.", .media_type = "*/*" };
static const MusterShape body_shape = { .schema = "DdiBody", .doc = "JSON as hawkBit's DDI describes it.", .media_type = "*/*" };

static const MusterRoute routes[] = {
  { "GET", BASE, "ddiPoll", "ddi", "DDI: what there is to do", muster_ddi_handle_base, FLAGS, .response = &base_shape, .dialect = &muster_ddi_dialect },
  { "PUT", BASE "/configData", "ddiPutConfigData", "ddi", "DDI: what the device says of itself", muster_ddi_handle_config_data, FLAGS | MUSTER_ROUTE_RAW, .request = &body_shape, .status = 200, .dialect = &muster_ddi_dialect },
  { "GET", BASE "/deploymentBase/{actionId:integer}", "ddiGetDeployment", "ddi", "DDI: an update", muster_ddi_handle_deployment, FLAGS, action_query, G_N_ELEMENTS (action_query), .response = &deployment_shape, .dialect = &muster_ddi_dialect },
  { "POST", BASE "/deploymentBase/{actionId:integer}/feedback", "ddiPostFeedback", "ddi", "DDI: how the update goes", muster_ddi_handle_deployment_feedback, FLAGS | MUSTER_ROUTE_RAW, .request = &body_shape, .status = 200, .body_limit = FEEDBACK_LIMIT, .dialect = &muster_ddi_dialect },
  { "GET", BASE "/cancelAction/{actionId:integer}", "ddiGetCancel", "ddi", "DDI: an update that is to be let be", muster_ddi_handle_cancel, FLAGS, .response = &cancel_shape, .dialect = &muster_ddi_dialect },
  { "POST", BASE "/cancelAction/{actionId:integer}/feedback", "ddiPostCancelFeedback", "ddi", "DDI: whether the device lets it be", muster_ddi_handle_cancel_feedback, FLAGS | MUSTER_ROUTE_RAW, .request = &body_shape, .status = 200, .body_limit = FEEDBACK_LIMIT, .dialect = &muster_ddi_dialect },
  { "GET", BASE "/installedBase/{actionId:integer}", "ddiGetInstalled", "ddi", "DDI: the update that the device runs", muster_ddi_handle_installed, FLAGS, action_query, G_N_ELEMENTS (action_query), .response = &deployment_shape, .dialect = &muster_ddi_dialect },
  { "PUT", BASE "/installedBase", "ddiPutInstalled", "ddi", "DDI: the device says what it runs", muster_ddi_handle_put_installed, FLAGS | MUSTER_ROUTE_RAW, .request = &body_shape, .status = 200, .dialect = &muster_ddi_dialect },
  { "GET", BASE "/softwaremodules/{moduleId:integer}/artifacts", "ddiListArtifacts", "ddi", "DDI: the files of a software module", muster_ddi_handle_artifacts, FLAGS, .response = &artifacts_shape, .dialect = &muster_ddi_dialect },
  { "GET", BASE "/softwaremodules/{moduleId:integer}/artifacts/{fileName}", "ddiDownload", "ddi", "DDI: a file, ranges of it, or with .MD5SUM behind its name its MD5 sum", muster_ddi_handle_download, FLAGS, .response = &file_shape, .dialect = &muster_ddi_dialect },
  { "GET", BASE "/confirmationBase", "ddiGetConfirmations", "ddi", "DDI: whether something waits for somebody's consent", muster_ddi_handle_consent_base, FLAGS, .response = &consent_shape, .dialect = &muster_ddi_dialect },
  { "GET", BASE "/confirmationBase/{actionId:integer}", "ddiGetConfirmation", "ddi", "DDI: an update that waits for consent", muster_ddi_handle_consent, FLAGS, action_query, G_N_ELEMENTS (action_query), .response = &deployment_shape, .dialect = &muster_ddi_dialect },
  { "POST", BASE "/confirmationBase/{actionId:integer}/feedback", "ddiPostConfirmation", "ddi", "DDI: consent, or not", muster_ddi_handle_consent_feedback, FLAGS | MUSTER_ROUTE_RAW, .request = &body_shape, .status = 200, .body_limit = FEEDBACK_LIMIT, .dialect = &muster_ddi_dialect },
  { "POST", BASE "/confirmationBase/activateAutoConfirm", "ddiActivateAutoConfirm", "ddi", "DDI: consent in advance", muster_ddi_handle_auto_confirm, FLAGS | MUSTER_ROUTE_RAW, .request = &body_shape, .status = 200, .dialect = &muster_ddi_dialect },
  { "POST", BASE "/confirmationBase/deactivateAutoConfirm", "ddiDeactivateAutoConfirm", "ddi", "DDI: no consent in advance any more", muster_ddi_handle_stop_auto_confirm, FLAGS | MUSTER_ROUTE_RAW, .request = &body_shape, .status = 200, .dialect = &muster_ddi_dialect },
};
/* clang-format on */

void
muster_ddi_resource_add (MusterRouter *router, MusterDdiService *service)
{
  g_return_if_fail (MUSTER_IS_DDI_SERVICE (service));

  muster_router_add (router, routes, G_N_ELEMENTS (routes), G_OBJECT (service));
}
