/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "muster-alert-rule.h"
#include "muster-alert-silence.h"
#include "muster-alert.h"
#include "muster-annotation.h"
#include "muster-api-key.h"
#include "muster-attachment.h"
#include "muster-batch.h"
#include "muster-delivery-issue.h"
#include "muster-delivery-item.h"
#include "muster-delivery.h"
#include "muster-derived-metric.h"
#include "muster-device-account.h"
#include "muster-device-command.h"
#include "muster-device-event.h"
#include "muster-device-group-member.h"
#include "muster-device-group.h"
#include "muster-device-token.h"
#include "muster-device.h"
#include "muster-duty-calendar.h"
#include "muster-escalation-run.h"
#include "muster-escalation.h"
#include "muster-exclusion.h"
#include "muster-factory-batch.h"
#include "muster-factory-unit.h"
#include "muster-firmware-artifact.h"
#include "muster-firmware-component.h"
#include "muster-firmware-file.h"
#include "muster-firmware-note.h"
#include "muster-firmware-set-member.h"
#include "muster-firmware-set.h"
#include "muster-firmware-update.h"
#include "muster-firmware-upload.h"
#include "muster-flash-batch.h"
#include "muster-flash-run.h"
#include "muster-ignored-candidate.h"
#include "muster-job-row.h"
#include "muster-job.h"
#include "muster-loan.h"
#include "muster-location.h"
#include "muster-manual-address.h"
#include "muster-metric.h"
#include "muster-notification-channel.h"
#include "muster-notification.h"
#include "muster-number-series.h"
#include "muster-order-item.h"
#include "muster-order.h"
#include "muster-pairing-attempt.h"
#include "muster-person.h"
#include "muster-product.h"
#include "muster-retention-class.h"
#include "muster-revoked-token.h"
#include "muster-rollout-group.h"
#include "muster-rollout.h"
#include "muster-saved-view.h"
#include "muster-sign-in.h"
#include "muster-signing-key.h"
#include "muster-site.h"
#include "muster-stock-level.h"
#include "muster-stock-move.h"
#include "muster-stocktake-line.h"
#include "muster-stocktake-scan.h"
#include "muster-stocktake.h"
#include "muster-target-filter.h"
#include "muster-test-plan.h"
#include "muster-test-run.h"
#include "muster-update-event.h"
#include "muster-update-target.h"
#include "muster-entities.h"

const MusterEntityInfo *const muster_entities[] = {
  &muster_site_info,
  &muster_device_info,
  &muster_device_group_info,
  &muster_device_group_member_info,
  &muster_metric_info,
  &muster_person_info,
  &muster_device_event_info,
  &muster_device_command_info,
  &muster_ignored_candidate_info,
  &muster_manual_address_info,
  &muster_device_account_info,
  &muster_device_token_info,
  &muster_pairing_attempt_info,
  &muster_alert_info,
  &muster_alert_rule_info,
  &muster_alert_silence_info,
  &muster_api_key_info,
  &muster_attachment_info,
  &muster_batch_info,
  &muster_delivery_info,
  &muster_delivery_issue_info,
  &muster_delivery_item_info,
  &muster_job_info,
  &muster_job_row_info,
  &muster_exclusion_info,
  &muster_annotation_info,
  &muster_derived_metric_info,
  &muster_retention_class_info,
  &muster_loan_info,
  &muster_location_info,
  &muster_number_series_info,
  &muster_order_info,
  &muster_order_item_info,
  &muster_product_info,
  &muster_revoked_token_info,
  &muster_saved_view_info,
  &muster_sign_in_info,
  &muster_stock_level_info,
  &muster_stock_move_info,
  &muster_stocktake_info,
  &muster_stocktake_line_info,
  &muster_stocktake_scan_info,
  &muster_escalation_info,
  &muster_escalation_run_info,
  &muster_duty_calendar_info,
  &muster_notification_info,
  &muster_notification_channel_info,
  &muster_firmware_artifact_info,
  &muster_firmware_component_info,
  &muster_firmware_file_info,
  &muster_firmware_note_info,
  &muster_firmware_set_info,
  &muster_firmware_set_member_info,
  &muster_firmware_update_info,
  &muster_firmware_upload_info,
  &muster_flash_batch_info,
  &muster_flash_run_info,
  &muster_test_plan_info,
  &muster_factory_batch_info,
  &muster_factory_unit_info,
  &muster_test_run_info,
  &muster_rollout_info,
  &muster_rollout_group_info,
  &muster_signing_key_info,
  &muster_update_event_info,
  &muster_target_filter_info,
  &muster_update_target_info,
  NULL,
};
