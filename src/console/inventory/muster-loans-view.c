/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-loans-view"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "devices/muster-device-page.h"
#include "model/muster-loan.h"
#include "muster-inventory-actions.h"
#include "muster-loans-view.h"
#include "muster-page.h"
#include "widgets/muster-record-format.h"
#include "widgets/muster-records-view.h"

struct _MusterLoansView
{
  AdwBin parent_instance;

  MusterSession     *session; /* (owned) */
  MusterRecordsView *records;
};

G_DEFINE_FINAL_TYPE (MusterLoansView, muster_loans_view, ADW_TYPE_BIN)

/* --- cells --- */

static GtkWidget *
create_due (MusterSession *session)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *mark = gtk_image_new_from_icon_name ("muster-triangle-symbolic");

  gtk_widget_add_css_class (mark, "error");
  gtk_image_set_pixel_size (GTK_IMAGE (mark), 11);
  gtk_box_append (GTK_BOX (box), mark);
  gtk_box_append (GTK_BOX (box), g_object_new (GTK_TYPE_LABEL, "css-classes",
                                               (const char *[]){ "numeric", NULL }, NULL));
  return box;
}

static void
show_due (GtkWidget *box, MusterEntity *loan, MusterSession *session)
{
  GtkWidget *mark = gtk_widget_get_first_child (box);
  GtkWidget *label = gtk_widget_get_next_sibling (mark);
  gint64     due = muster_entity_get_integer (loan, "due_at");
  gboolean   overdue = muster_entity_is_null (loan, "returned_at") && due < g_get_real_time ();
  g_autofree char *date = muster_format_date (due, muster_session_get_zone (session));
  g_autofree char *text = overdue ? g_strdup_printf (_ ("%s, overdue"), date) : NULL;

  gtk_widget_set_visible (mark, overdue);
  gtk_label_set_label (GTK_LABEL (label), overdue ? text : date);
  if (overdue)
    gtk_widget_add_css_class (label, "error");
  else
    gtk_widget_remove_css_class (label, "error");
}

static const MusterColumn columns[] = {
  { "device_id", 190, .flags = MUSTER_COLUMN_TITLE, .icon_name = "muster-loan-symbolic" },
  { "borrower", 170 },
  { "due_at", 190, 1, .create = create_due, .show = show_due },
  { "created_at", 120, 4, MUSTER_COLUMN_DATE, N_ ("Lent") },
  { "returned_at", 120, 3, MUSTER_COLUMN_DATE },
  { "notes", 180, 5 },
};

static const MusterFilterChip chips[] = {
  { "returned_at", "null", N_ ("Out") },
  { "due_at.max", MUSTER_FILTER_NOW, N_ ("Overdue"), FALSE, "returned_at", "null" },
};

static const char *const below[] = { "due_at", "notes", NULL };

static const MusterRecordsAction actions[] = {
  { N_ ("_Take Back"), "edit-undo-symbolic", "loans.return", "returnLoan" },
};

static const MusterRecordsSpec spec = {
  .info = &muster_loan_info,
  .name = "loans",
  .title = N_ ("Loans"),
  .search = N_ ("Borrower"),
  .sort = "due_at",
  .columns = columns,
  .n_columns = G_N_ELEMENTS (columns),
  .below = below,
  .chips = chips,
  .n_chips = G_N_ELEMENTS (chips),
  .actions = actions,
  .n_actions = G_N_ELEMENTS (actions),
  .empty_icon = "muster-loan-symbolic",
  .empty_title = N_ ("Nothing Is Lent"),
  .empty_text = N_ ("A unit is lent from its own page; it stands here until it is back."),
};

static void
muster_loans_view_return_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterLoansView *self = MUSTER_LOANS_VIEW (widget);
  g_auto (GStrv) ids = muster_records_view_list_chosen (self->records);

  for (unsigned i = 0; ids[i] != NULL; i++)
    muster_inventory_return_loan (self->session, ids[i]);
  muster_records_view_end_selection (self->records);
}

static void
muster_loans_view_activate_cb (MusterLoansView *self, MusterIndexItem *item)
{
  GtkWidget    *page = gtk_widget_get_ancestor (GTK_WIDGET (self), MUSTER_TYPE_PAGE);
  MusterEntity *loan = muster_index_item_get_entity (item);

  if (loan != NULL)
    muster_page_push (MUSTER_PAGE (page),
                      muster_device_page_new (self->session,
                                              muster_entity_get_string (loan, "device_id")));
}

static void
muster_loans_view_rights_cb (MusterLoansView *self)
{
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "loans.return",
                                 muster_session_may (self->session, "returnLoan"));
}

static void
muster_loans_view_dispose (GObject *object)
{
  g_clear_object (&MUSTER_LOANS_VIEW (object)->session);
  G_OBJECT_CLASS (muster_loans_view_parent_class)->dispose (object);
}

static void
muster_loans_view_class_init (MusterLoansViewClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = muster_loans_view_dispose;
  gtk_widget_class_install_action (GTK_WIDGET_CLASS (klass), "loans.return", NULL,
                                   muster_loans_view_return_action);
}

static void
muster_loans_view_init (MusterLoansView *self)
{
}

GtkWidget *
muster_loans_view_new (MusterSession *session)
{
  static const char *const out[] = { "returned_at", "null", NULL };
  MusterLoansView         *self = g_object_new (MUSTER_TYPE_LOANS_VIEW, NULL);

  self->session = g_object_ref (session);
  self->records = MUSTER_RECORDS_VIEW (muster_records_view_new (session, &spec));
  muster_records_view_show_only (self->records, out);
  g_signal_connect_object (self->records, "activate", G_CALLBACK (muster_loans_view_activate_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::rights", G_CALLBACK (muster_loans_view_rights_cb),
                           self, G_CONNECT_SWAPPED);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->records));
  muster_loans_view_rights_cb (self);
  return GTK_WIDGET (self);
}
