/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "model/muster-device.h"
#include "model/muster-device-account.h"
#include "model/muster-device-command.h"
#include "model/muster-device-event.h"
#include "model/muster-device-group.h"
#include "model/muster-device-group-member.h"
#include "model/muster-device-token.h"
#include "model/muster-ignored-candidate.h"
#include "model/muster-manual-address.h"
#include "model/muster-metric.h"
#include "model/muster-pairing-attempt.h"
#include "model/muster-person.h"
#include "model/muster-site.h"
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
  NULL,
};
