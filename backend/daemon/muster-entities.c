/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "model/muster-alert-rule.h"
#include "model/muster-alert-silence.h"
#include "model/muster-alert.h"
#include "model/muster-annotation.h"
#include "model/muster-api-key.h"
#include "model/muster-attachment.h"
#include "model/muster-batch.h"
#include "model/muster-delivery-issue.h"
#include "model/muster-delivery-item.h"
#include "model/muster-delivery.h"
#include "model/muster-derived-metric.h"
#include "model/muster-device-account.h"
#include "model/muster-device-command.h"
#include "model/muster-device-event.h"
#include "model/muster-device-group-member.h"
#include "model/muster-device-group.h"
#include "model/muster-device-token.h"
#include "model/muster-device.h"
#include "model/muster-duty-calendar.h"
#include "model/muster-escalation-run.h"
#include "model/muster-escalation.h"
#include "model/muster-exclusion.h"
#include "model/muster-factory-batch.h"
#include "model/muster-factory-unit.h"
#include "model/muster-firmware-artifact.h"
#include "model/muster-firmware-component.h"
#include "model/muster-firmware-file.h"
#include "model/muster-firmware-note.h"
#include "model/muster-firmware-set-member.h"
#include "model/muster-firmware-set.h"
#include "model/muster-firmware-update.h"
#include "model/muster-firmware-upload.h"
#include "model/muster-flash-batch.h"
#include "model/muster-flash-run.h"
#include "model/muster-ignored-candidate.h"
#include "model/muster-job-row.h"
#include "model/muster-job.h"
#include "model/muster-loan.h"
#include "model/muster-location.h"
#include "model/muster-manual-address.h"
#include "model/muster-metric.h"
#include "model/muster-notification-channel.h"
#include "model/muster-notification.h"
#include "model/muster-number-series.h"
#include "model/muster-order-item.h"
#include "model/muster-order.h"
#include "model/muster-pairing-attempt.h"
#include "model/muster-person.h"
#include "model/muster-product.h"
#include "model/muster-retention-class.h"
#include "model/muster-revoked-token.h"
#include "model/muster-rollout-group.h"
#include "model/muster-rollout.h"
#include "model/muster-saved-view.h"
#include "model/muster-sign-in.h"
#include "model/muster-signing-key.h"
#include "model/muster-site.h"
#include "model/muster-stock-level.h"
#include "model/muster-stock-move.h"
#include "model/muster-stocktake-line.h"
#include "model/muster-stocktake-scan.h"
#include "model/muster-stocktake.h"
#include "model/muster-target-filter.h"
#include "model/muster-test-plan.h"
#include "model/muster-test-run.h"
#include "model/muster-update-event.h"
#include "model/muster-update-target.h"
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
