/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-firmware-page"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-artifacts-view.h"
#include "muster-components-view.h"
#include "muster-firmware-page.h"
#include "muster-keys-view.h"
#include "muster-rollouts-view.h"
#include "muster-sets-view.h"
#include "muster-targets-view.h"
#include "muster-updates-view.h"

struct _MusterFirmwarePage
{
  MusterViewsPage parent_instance;
};

G_DEFINE_FINAL_TYPE (MusterFirmwarePage, muster_firmware_page, MUSTER_TYPE_VIEWS_PAGE)

static GtkWidget *
create_updates (MusterSession *session)
{
  return muster_updates_view_new (session, NULL);
}

/* clang-format off */
static const MusterRoomView views[] = {
  { "artifacts", N_("Firmware"), "muster-firmware-symbolic", muster_artifacts_view_new, "listFirmware" },
  { "sets", N_("Sets"), "package-x-generic-symbolic", muster_sets_view_new, "listFirmwareSets" },
  { "components", N_("Components"), "view-list-ordered-symbolic", muster_components_view_new, "listFirmwareComponents" },
  { "rollouts", N_("Rollouts"), "muster-rollout-symbolic", muster_rollouts_view_new, "listRollouts" },
  { "updates", N_("Updates"), "view-list-symbolic", create_updates, "listUpdates" },
  { "keys", N_("Keys"), "dialog-password-symbolic", muster_keys_view_new, "listSigningKeys" },
  { "targets", N_("Clients"), "network-transmit-receive-symbolic", muster_targets_view_new, "listUpdateTargets" },
  { NULL },
};
/* clang-format on */

static void
muster_firmware_page_class_init (MusterFirmwarePageClass *klass)
{
  MusterViewsPageClass *views_class = MUSTER_VIEWS_PAGE_CLASS (klass);

  views_class->views = views;
  views_class->tag = "firmware";
  views_class->menu_below = 900;
}

static void
muster_firmware_page_init (MusterFirmwarePage *self)
{
}
