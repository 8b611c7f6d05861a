/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-kind"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "model/muster-alert-rule.h"
#include "model/muster-alert-silence.h"
#include "model/muster-alert.h"
#include "model/muster-api-key.h"
#include "model/muster-attachment.h"
#include "model/muster-batch.h"
#include "model/muster-delivery-issue.h"
#include "model/muster-delivery-item.h"
#include "model/muster-delivery.h"
#include "model/muster-device-account.h"
#include "model/muster-device-command.h"
#include "model/muster-device-group-member.h"
#include "model/muster-device-group.h"
#include "model/muster-device-token.h"
#include "model/muster-device.h"
#include "model/muster-duty-calendar.h"
#include "model/muster-escalation.h"
#include "model/muster-factory-batch.h"
#include "model/muster-factory-unit.h"
#include "model/muster-firmware-artifact.h"
#include "model/muster-firmware-component.h"
#include "model/muster-firmware-file.h"
#include "model/muster-firmware-update.h"
#include "model/muster-flash-batch.h"
#include "model/muster-flash-run.h"
#include "model/muster-ignored-candidate.h"
#include "model/muster-job.h"
#include "model/muster-loan.h"
#include "model/muster-location.h"
#include "model/muster-manual-address.h"
#include "model/muster-notification-channel.h"
#include "model/muster-number-series.h"
#include "model/muster-order-item.h"
#include "model/muster-order.h"
#include "model/muster-person.h"
#include "model/muster-product.h"
#include "model/muster-rollout-group.h"
#include "model/muster-rollout.h"
#include "model/muster-saved-view.h"
#include "model/muster-signing-key.h"
#include "model/muster-site.h"
#include "model/muster-stock-move.h"
#include "model/muster-stocktake-line.h"
#include "model/muster-stocktake.h"
#include "model/muster-test-plan.h"
#include "model/muster-test-run.h"
#include "model/muster-update-target.h"
#include "muster-kind.h"

/* clang-format off */
static const MusterKind kinds[] = {
  { &muster_device_info, N_("Device"), N_("Devices"), "muster-devices-symbolic" },
  { &muster_alert_info, N_("Alert"), N_("Alerts"), "muster-alert-symbolic" },
  { &muster_alert_rule_info, N_("Alert rule"), N_("Alert rules"), "muster-rule-symbolic" },
  { &muster_order_info, N_("Order"), N_("Orders"), "muster-orders-symbolic" },
  { &muster_delivery_info, N_("Delivery"), N_("Deliveries"), "muster-deliveries-symbolic" },
  { &muster_product_info, N_("Product"), N_("Products"), "muster-product-symbolic" },
  { &muster_location_info, N_("Place"), N_("Places"), "muster-place-symbolic" },
  { &muster_stock_move_info, N_("Stock move"), N_("Stock"), "muster-move-symbolic" },
  { &muster_stocktake_info, N_("Stocktake"), N_("Stocktakes"), "muster-count-symbolic" },
  { &muster_loan_info, N_("Loan"), N_("Loans"), "muster-loan-symbolic" },
  { &muster_batch_info, N_("Batch"), N_("Batches"), "view-list-symbolic" },
  { &muster_device_group_info, N_("Group"), N_("Groups"), "folder-symbolic" },
  { &muster_firmware_artifact_info, N_("Firmware"), N_("Firmware"), "muster-firmware-symbolic" },
  { &muster_rollout_info, N_("Rollout"), N_("Rollouts"), "muster-rollout-symbolic" },
  { &muster_person_info, N_("Person"), N_("People"), "system-users-symbolic" },
  { &muster_alert_silence_info, N_("Silence"), N_("Silences"), "notifications-disabled-symbolic" },
  { &muster_duty_calendar_info, N_("Duty calendar"), N_("Duty calendars"), "x-office-calendar-symbolic" },
  { &muster_escalation_info, N_("Escalation"), N_("Escalations"), "muster-escalation-symbolic" },
  { &muster_notification_channel_info, N_("Channel"), N_("Channels"), "muster-channel-symbolic" },
  { &muster_signing_key_info, N_("Signing key"), N_("Signing keys"), "dialog-password-symbolic" },
  { &muster_update_target_info, N_("Update client"), N_("Update clients"), "network-transmit-receive-symbolic" },
  { &muster_site_info, N_("Site"), N_("Site"), "preferences-system-symbolic" },
  { &muster_api_key_info, N_("API key"), NULL, "dialog-password-symbolic" },
  { &muster_attachment_info, N_("File"), NULL, "mail-attachment-symbolic" },
  { &muster_delivery_issue_info, N_("Issue of a delivery"), NULL, "dialog-warning-symbolic" },
  { &muster_delivery_item_info, N_("Line of a delivery"), NULL, "view-list-symbolic" },
  { &muster_device_account_info, N_("Broker account"), NULL, "dialog-password-symbolic" },
  { &muster_device_command_info, N_("Command"), NULL, "muster-instrument-symbolic" },
  { &muster_device_group_member_info, N_("Member of a group"), NULL, "folder-symbolic" },
  { &muster_device_token_info, N_("Token of a device"), NULL, "dialog-password-symbolic" },
  { &muster_firmware_component_info, N_("Component of firmware"), NULL, "package-x-generic-symbolic" },
  { &muster_firmware_file_info, N_("File of firmware"), NULL, "muster-firmware-symbolic" },
  { &muster_firmware_update_info, N_("Update"), NULL, "muster-firmware-symbolic" },
  { &muster_factory_batch_info, N_("Batch of units"), NULL, "muster-factory-symbolic" },
  { &muster_factory_unit_info, N_("Unit that is made"), NULL, "muster-circuit-symbolic" },
  { &muster_test_plan_info, N_("Test plan"), NULL, "muster-count-symbolic" },
  { &muster_test_run_info, N_("Test"), NULL, "muster-circuit-symbolic" },
  { &muster_flash_batch_info, N_("Batch of boards"), NULL, "muster-factory-symbolic" },
  { &muster_flash_run_info, N_("Board"), NULL, "muster-circuit-symbolic" },
  { &muster_ignored_candidate_info, N_("Ignored device"), NULL, "muster-discover-symbolic" },
  { &muster_job_info, N_("Job"), NULL, "system-run-symbolic" },
  { &muster_manual_address_info, N_("Address"), NULL, "muster-discover-symbolic" },
  { &muster_number_series_info, N_("Numbering"), NULL, "view-list-symbolic" },
  { &muster_order_item_info, N_("Line of an order"), NULL, "view-list-symbolic" },
  { &muster_rollout_group_info, N_("Group of a rollout"), NULL, "muster-rollout-symbolic" },
  { &muster_saved_view_info, N_("Saved view"), NULL, "view-list-symbolic" },
  { &muster_stocktake_line_info, N_("Line of a stocktake"), NULL, "view-list-symbolic" },
};
/* clang-format on */

const MusterKind *
muster_kind_find (const char *name)
{
  for (unsigned i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_strcmp0 (kinds[i].info->name, name) == 0)
      return &kinds[i];
  return NULL;
}

char *
muster_kind_dup_count (const MusterKind *self, unsigned count)
{
  const char *format = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  if (self->info == &muster_device_info)
    format = ngettext ("%u device", "%u devices", count);
  else if (self->info == &muster_order_info)
    format = ngettext ("%u order", "%u orders", count);
  else if (self->info == &muster_delivery_info)
    format = ngettext ("%u delivery", "%u deliveries", count);
  else if (self->info == &muster_product_info)
    format = ngettext ("%u product", "%u products", count);
  else if (self->info == &muster_location_info)
    format = ngettext ("%u place", "%u places", count);
  else if (self->info == &muster_stock_move_info)
    format = ngettext ("%u stock move", "%u stock moves", count);
  else if (self->info == &muster_stocktake_info)
    format = ngettext ("%u stocktake", "%u stocktakes", count);
  else if (self->info == &muster_loan_info)
    format = ngettext ("%u loan", "%u loans", count);
  else if (self->info == &muster_batch_info)
    format = ngettext ("%u batch", "%u batches", count);
  else if (self->info == &muster_device_group_info)
    format = ngettext ("%u group", "%u groups", count);
  else if (self->info == &muster_alert_info)
    format = ngettext ("%u alert", "%u alerts", count);
  else if (self->info == &muster_alert_rule_info)
    format = ngettext ("%u alert rule", "%u alert rules", count);
  else if (self->info == &muster_firmware_artifact_info)
    format = ngettext ("%u piece of firmware", "%u pieces of firmware", count);
  else if (self->info == &muster_rollout_info)
    format = ngettext ("%u rollout", "%u rollouts", count);
  else if (self->info == &muster_person_info)
    format = ngettext ("%u person", "%u people", count);
  else
    format = ngettext ("%u record", "%u records", count);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  return g_strdup_printf (format, count);
#pragma GCC diagnostic pop
}

const MusterKind *
muster_kinds_list (unsigned *n_kinds)
{
  *n_kinds = G_N_ELEMENTS (kinds);
  return kinds;
}

const char *
muster_kind_get_field_label (const MusterKind *kind, const char *name)
{
  int index = kind != NULL && name != NULL ? muster_entity_info_find (kind->info, name) : -1;

  return index >= 0 && kind->info->fields[index].label != NULL ? _ (kind->info->fields[index].label)
                                                               : name;
}
