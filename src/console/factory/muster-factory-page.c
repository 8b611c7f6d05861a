/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-factory-page"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-factory-batches-view.h"
#include "muster-factory-page.h"
#include "muster-flash-view.h"
#include "muster-plans-view.h"
#include "muster-runs-view.h"

struct _MusterFactoryPage
{
  MusterViewsPage parent_instance;
};

G_DEFINE_FINAL_TYPE (MusterFactoryPage, muster_factory_page, MUSTER_TYPE_VIEWS_PAGE)

/* clang-format off */
static const MusterRoomView views[] = {
  { "batches", N_("Batches"), "muster-factory-symbolic", muster_factory_batches_view_new, "listFactoryBatches" },
  { "plans", N_("Test Plans"), "muster-count-symbolic", muster_plans_view_new, "listTestPlans" },
  { "tests", N_("Tests"), "view-list-symbolic", muster_runs_view_new, "listTestRuns" },
  { "flashing", N_("Flashing"), "muster-circuit-symbolic", muster_flash_view_new, "listFlashBatches" },
  { NULL },
};
/* clang-format on */

static void
muster_factory_page_class_init (MusterFactoryPageClass *klass)
{
  MusterViewsPageClass *views_class = MUSTER_VIEWS_PAGE_CLASS (klass);

  views_class->views = views;
  views_class->tag = "factory";
  views_class->menu_below = 760;
}

static void
muster_factory_page_init (MusterFactoryPage *self)
{
}
