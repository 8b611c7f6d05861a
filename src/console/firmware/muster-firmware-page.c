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
  MusterPage parent_instance;

  /* Template children */
  AdwViewStack  *stack;
  GtkStack      *title_stack;
  GtkMenuButton *views_button;
};

G_DEFINE_FINAL_TYPE (MusterFirmwarePage, muster_firmware_page, MUSTER_TYPE_PAGE)

static GtkWidget *
create_updates (MusterSession *session)
{
  return muster_updates_view_new (session, NULL);
}

/* A view is made when it is looked at first. */
static const struct
{
  const char *name;
  const char *operation; /* the right without which it is not there */
  GtkWidget *(*create) (MusterSession *session);
} views[] = {
  { "artifacts", "listFirmware", muster_artifacts_view_new },
  { "sets", "listFirmwareSets", muster_sets_view_new },
  { "components", "listFirmwareComponents", muster_components_view_new },
  { "rollouts", "listRollouts", muster_rollouts_view_new },
  { "updates", "listUpdates", create_updates },
  { "keys", "listSigningKeys", muster_keys_view_new },
  { "targets", "listUpdateTargets", muster_targets_view_new },
};

static AdwBin *
get_bin (MusterFirmwarePage *self)
{
  return ADW_BIN (adw_view_stack_get_visible_child (self->stack));
}

static MusterRecordsView *
find_records (GtkWidget *widget)
{
  MusterRecordsView *found = NULL;

  if (MUSTER_IS_RECORDS_VIEW (widget))
    return MUSTER_RECORDS_VIEW (widget);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); found == NULL && child != NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_records (child);
  return found;
}

/* The list in front, or NULL: borrowed. */
static MusterRecordsView *
get_records (MusterFirmwarePage *self)
{
  return find_records (GTK_WIDGET (get_bin (self)));
}

static void
ensure_view (MusterFirmwarePage *self)
{
  const char    *name = adw_view_stack_get_visible_child_name (self->stack);
  MusterSession *session = muster_page_get_session (MUSTER_PAGE (self));

  if (session == NULL || adw_bin_get_child (get_bin (self)) != NULL)
    return;
  for (unsigned i = 0; i < G_N_ELEMENTS (views); i++)
    if (g_strcmp0 (views[i].name, name) == 0)
      adw_bin_set_child (get_bin (self), views[i].create (session));
}

static void
muster_firmware_page_view_cb (MusterFirmwarePage *self)
{
  AdwViewStackPage *page;

  if (self->stack == NULL || adw_view_stack_get_visible_child (self->stack) == NULL)
    return;
  ensure_view (self);
  page = adw_view_stack_get_page (self->stack, adw_view_stack_get_visible_child (self->stack));
  gtk_menu_button_set_label (self->views_button, adw_view_stack_page_get_title (page));
}

static void
show_view (MusterFirmwarePage *self, const char *name)
{
  if (adw_view_stack_get_child_by_name (self->stack, name) != NULL)
    adw_view_stack_set_visible_child_name (self->stack, name);
}

void
muster_firmware_page_show_key (MusterFirmwarePage *self, const char *id)
{
  g_return_if_fail (MUSTER_IS_FIRMWARE_PAGE (self) && id != NULL);

  show_view (self, "keys");
  muster_records_view_set_condition (get_records (self), "id", id, _ ("One key"));
}

void
muster_firmware_page_show_set (MusterFirmwarePage *self, const char *id)
{
  g_return_if_fail (MUSTER_IS_FIRMWARE_PAGE (self) && id != NULL);

  show_view (self, "sets");
  muster_records_view_set_condition (get_records (self), "id", id, _ ("One set"));
}

void
muster_firmware_page_show_target (MusterFirmwarePage *self, const char *id)
{
  g_return_if_fail (MUSTER_IS_FIRMWARE_PAGE (self) && id != NULL);

  show_view (self, "targets");
  muster_records_view_set_condition (get_records (self), "id", id, _ ("One client"));
}

static void
muster_firmware_page_view_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  show_view (MUSTER_FIRMWARE_PAGE (widget), g_variant_get_string (parameter, NULL));
}

static void
muster_firmware_page_refresh (MusterPage *page)
{
  MusterRecordsView *records = get_records (MUSTER_FIRMWARE_PAGE (page));

  if (records != NULL)
    muster_records_view_refresh (records);
}

static void
muster_firmware_page_search (MusterPage *page)
{
  MusterRecordsView *records = get_records (MUSTER_FIRMWARE_PAGE (page));

  if (records != NULL)
    muster_records_view_search (records);
}

static void
muster_firmware_page_list (MusterPage *page, const char *const *filters)
{
  MusterFirmwarePage *self = MUSTER_FIRMWARE_PAGE (page);
  gboolean            view = g_strcmp0 (filters[0], "view") == 0;
  MusterRecordsView  *records;

  show_view (self, view ? filters[1] : "artifacts");
  records = get_records (self);
  if (records != NULL && filters[view ? 2 : 0] != NULL)
    muster_records_view_show_only (records, view ? filters + 2 : filters);
}

static void
muster_firmware_page_rights_changed (MusterPage *page)
{
  MusterFirmwarePage *self = MUSTER_FIRMWARE_PAGE (page);

  for (unsigned i = 0; i < G_N_ELEMENTS (views); i++)
    adw_view_stack_page_set_visible (
      adw_view_stack_get_page (self->stack,
                               adw_view_stack_get_child_by_name (self->stack, views[i].name)),
      muster_page_may (page, views[i].operation));
}

static void
muster_firmware_page_list_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterRecordsView *records = get_records (MUSTER_FIRMWARE_PAGE (widget));

  if (records != NULL)
    muster_records_view_do_page_action (records, name);
}

/* --- life --- */

static void
muster_firmware_page_constructed (GObject *object)
{
  G_OBJECT_CLASS (muster_firmware_page_parent_class)->constructed (object);
  muster_firmware_page_rights_changed (MUSTER_PAGE (object));
  muster_firmware_page_view_cb (MUSTER_FIRMWARE_PAGE (object));
}

static void
muster_firmware_page_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), MUSTER_TYPE_FIRMWARE_PAGE);
  G_OBJECT_CLASS (muster_firmware_page_parent_class)->dispose (object);
}

static void
muster_firmware_page_class_init (MusterFirmwarePageClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = muster_firmware_page_constructed;
  object_class->dispose = muster_firmware_page_dispose;
  MUSTER_PAGE_CLASS (klass)->refresh = muster_firmware_page_refresh;
  MUSTER_PAGE_CLASS (klass)->list = muster_firmware_page_list;
  MUSTER_PAGE_CLASS (klass)->search = muster_firmware_page_search;
  MUSTER_PAGE_CLASS (klass)->rights_changed = muster_firmware_page_rights_changed;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/muster/Muster/firmware-page.ui");
  gtk_widget_class_bind_template_child (widget_class, MusterFirmwarePage, stack);
  gtk_widget_class_bind_template_child (widget_class, MusterFirmwarePage, title_stack);
  gtk_widget_class_bind_template_child (widget_class, MusterFirmwarePage, views_button);
  gtk_widget_class_bind_template_callback (widget_class, muster_firmware_page_view_cb);
  gtk_widget_class_install_action (widget_class, "firmware.view", "s",
                                   muster_firmware_page_view_action);
  gtk_widget_class_install_action (widget_class, "page.new", NULL,
                                   muster_firmware_page_list_action);
  gtk_widget_class_install_action (widget_class, "page.export", NULL,
                                   muster_firmware_page_list_action);
}

static void
muster_firmware_page_init (MusterFirmwarePage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
