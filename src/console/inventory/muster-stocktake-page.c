/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-stocktake-page"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-inventory.h"
#include "client/muster-api-journal.h"
#include "client/muster-api-json.h"
#include "model/muster-stocktake-line.h"
#include "muster-count-row.h"
#include "muster-doing.h"
#include "muster-inventory-actions.h"
#include "muster-scan-sender.h"
#include "muster-stocktake-page.h"
#include "muster-stocktake-review.h"
#include "print/muster-print-dialog.h"
#include "widgets/muster-list.h"
#include "widgets/muster-record-dialog.h"
#include "widgets/muster-references.h"
#include "widgets/muster-skeleton.h"
#include "widgets/muster-status-chip.h"
#include "widgets/muster-trouble-view.h"

#define MAX_SCANS 10
#define MAX_LINES 200
/* Many scans of others come at once. */
#define SETTLE_MSEC 200

struct _MusterStocktakePage
{
  MusterPage parent_instance;

  char                  *id;        /* (owned) */
  MusterEntity          *stocktake; /* (owned) (nullable) */
  MusterScanQueue       *queue;     /* (owned) */
  MusterScanSender      *sender;    /* (owned) */
  char                  *place;     /* (owned) (nullable) id of where the next scans lie */
  MusterApiSubscription *journal;   /* (owned) */
  DexFuture             *reading;   /* (owned) (nullable) lines */
  unsigned               settle_id; /* timeout */
  gint64                 counts[MUSTER_COUNT_RESULT_UNKNOWN + 1];

  /* Template children */
  AdwWindowTitle    *window_title;
  AdwBanner         *away;
  GtkStack          *stack;
  MusterTroubleView *trouble;
  GtkLabel          *progress_number;
  GtkLabel          *progress_text;
  MusterStatusChip  *status;
  GtkProgressBar    *progress;
  GtkWidget         *entry_box;
  GtkEditable       *code;
  GtkSpinButton     *quantity;
  AdwActionRow      *place_row;
  GtkWidget         *forget_place;
  GtkWidget         *scans_group;
  GtkListBox        *scans;
  GtkWidget         *lines_box;
  AdwToggleGroup    *results;
  GtkListBox        *lines;
  GtkLabel          *lines_placeholder;
  GtkLabel          *more;
  GtkWidget         *review;
  GtkWidget         *cancel_count;
  GtkWidget         *resume;
};

G_DEFINE_FINAL_TYPE (MusterStocktakePage, muster_stocktake_page, MUSTER_TYPE_PAGE)

static MusterSession *
session_of (MusterStocktakePage *self)
{
  return muster_page_get_session (MUSTER_PAGE (self));
}

static MusterApiClient *
client_of (MusterStocktakePage *self)
{
  return muster_page_get_client (MUSTER_PAGE (self));
}

static int
get_status (MusterStocktakePage *self)
{
  return self->stocktake != NULL ? muster_entity_get_enum (self->stocktake, "status")
                                 : MUSTER_STOCKTAKE_STATUS_CANCELLED;
}

static gboolean
is_counting (MusterStocktakePage *self)
{
  return get_status (self) == MUSTER_STOCKTAKE_STATUS_COUNTING;
}

/* Those who count blindly are not told what is expected. */
static gboolean
is_blind (MusterStocktakePage *self)
{
  return is_counting (self) && muster_entity_get_boolean (self->stocktake, "blind");
}

/* --- what is shown --- */

static void
update_actions (MusterStocktakePage *self)
{
  gboolean counting = is_counting (self);
  gboolean settled = muster_scan_queue_get_length (self->queue) == 0;

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "stocktake.review",
                                 counting && settled &&
                                   muster_page_may (MUSTER_PAGE (self), "applyStocktake"));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "stocktake.cancel",
                                 counting &&
                                   muster_page_may (MUSTER_PAGE (self), "cancelStocktake"));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "stocktake.resume",
                                 get_status (self) == MUSTER_STOCKTAKE_STATUS_CANCELLED &&
                                   muster_page_may (MUSTER_PAGE (self), "resumeStocktake"));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "stocktake.edit",
                                 muster_page_may (MUSTER_PAGE (self), "updateStocktake"));
  gtk_widget_set_visible (self->review, counting);
  gtk_widget_set_visible (self->cancel_count, counting);
  gtk_widget_set_visible (self->resume, get_status (self) == MUSTER_STOCKTAKE_STATUS_CANCELLED);
  gtk_widget_set_visible (self->entry_box,
                          counting && muster_page_may (MUSTER_PAGE (self), "scanStocktake"));
  gtk_widget_set_visible (self->scans_group, counting);
  gtk_widget_set_visible (self->lines_box, !is_blind (self));
}

static void
show_away (MusterStocktakePage *self)
{
  unsigned         waiting = muster_scan_queue_get_length (self->queue);
  gboolean         connected = muster_session_is_connected (session_of (self));
  g_autofree char *text = NULL;

  if (!connected && waiting > 0)
    text = g_strdup_printf (
      ngettext (
        "The site is away: %u scan is kept here and sent when it is back. Go on counting.",
        "The site is away: %u scans are kept here and sent when it is back. Go on counting.",
        waiting),
      waiting);
  else if (!connected)
    text = g_strdup (_ ("The site is away: scans are kept here and sent when it is back. Go on "
                        "counting."));
  if (text != NULL)
    adw_banner_set_title (self->away, text);
  adw_banner_set_revealed (self->away, text != NULL && is_counting (self));
  update_actions (self);
}

static void
show_counts (MusterStocktakePage *self)
{
  gint64 found = self->counts[MUSTER_COUNT_RESULT_EXPECTED];
  gint64 missing = self->counts[MUSTER_COUNT_RESULT_MISSING];
  gint64 more = self->counts[MUSTER_COUNT_RESULT_EXTRA] + self->counts[MUSTER_COUNT_RESULT_MOVED] +
                self->counts[MUSTER_COUNT_RESULT_UNKNOWN];
  gboolean         blind = is_blind (self);
  g_autofree char *number = g_strdup_printf ("%d", (int)(blind ? found + more : found));
  g_autofree char *text =
    blind ? g_strdup (_ ("counted"))
          : g_strdup_printf (_ ("of %d found as expected, %d missing, %d more than expected"),
                             (int)(found + missing), (int)missing, (int)more);

  gtk_label_set_label (self->progress_number, number);
  gtk_label_set_label (self->progress_text, text);
  gtk_widget_set_visible (GTK_WIDGET (self->progress), !blind);
  gtk_progress_bar_set_fraction (self->progress,
                                 found + missing > 0 ? (double)found / (found + missing) : 0);
  for (int i = 0; i <= MUSTER_COUNT_RESULT_UNKNOWN; i++)
    {
      AdwToggle *toggle =
        adw_toggle_group_get_toggle_by_name (self->results,
                                             muster_enum_get_nick (&muster_count_result_enum, i));
      g_autofree char *label =
        g_strdup_printf ("%s %d", _ (muster_enum_get_label (&muster_count_result_enum, i)),
                         (int)self->counts[i]);

      adw_toggle_set_label (toggle, label);
    }
}

static void
take_counts (MusterStocktakePage *self, JsonObject *counts)
{
  if (counts == NULL)
    return;
  for (int i = 0; i <= MUSTER_COUNT_RESULT_UNKNOWN; i++)
    self->counts[i] =
      muster_api_json_get_integer (counts, muster_enum_get_nick (&muster_count_result_enum, i), 0);
  show_counts (self);
}

static void
show_place (MusterStocktakePage *self)
{
  const char *name = self->place != NULL
                       ? muster_references_get_name (muster_references_get (session_of (self)),
                                                     "location", self->place)
                       : NULL;
  const char *of_count =
    self->stocktake != NULL
      ? muster_references_get_name (muster_references_get (session_of (self)), "location",
                                    muster_entity_get_string (self->stocktake, "location_id"))
      : NULL;

  adw_action_row_set_subtitle (self->place_row,
                               self->place == NULL
                                 ? _ ("Where the records say; scan a place's label to change it")
                                 : (name != NULL ? name : "…"));
  gtk_widget_set_visible (self->forget_place, self->place != NULL);
  adw_window_title_set_subtitle (self->window_title, of_count != NULL ? of_count : "");
}

static void
muster_stocktake_page_forget_place_cb (MusterStocktakePage *self)
{
  g_clear_pointer (&self->place, g_free);
  show_place (self);
}

static void
show_stocktake (MusterStocktakePage *self)
{
  const char *name = muster_entity_get_string (self->stocktake, "name");

  adw_window_title_set_title (self->window_title, name);
  adw_navigation_page_set_title (ADW_NAVIGATION_PAGE (self), name);
  muster_status_chip_set_value (self->status, &muster_stocktake_status_enum, get_status (self));
  show_place (self);
  show_away (self);
  show_counts (self);
  gtk_stack_set_visible_child_name (self->stack, "content");
}

/* --- lines --- */

static DexFuture *
muster_stocktake_page_lines_cb (DexFuture *future, gpointer user_data)
{
  MusterStocktakePage *self = user_data;
  g_autoptr (GError) error = NULL;
  const GValue    *value = dex_future_get_value (future, &error);
  MusterApiPage   *page = value != NULL ? g_value_get_object (value) : NULL;
  g_autofree char *more = NULL;
  gint64           rest;

  if (page == NULL)
    return dex_future_new_true ();
  muster_list_clear (self->lines);
  for (unsigned i = 0; i < muster_api_page_get_length (page); i++)
    gtk_list_box_append (self->lines, muster_count_line_row_new (session_of (self),
                                                                 muster_api_page_get (page, i)));
  rest = muster_api_page_get_total (page) - muster_api_page_get_length (page);
  more = g_strdup_printf (_ ("and %d more"), (int)rest);
  gtk_label_set_label (self->more, more);
  gtk_widget_set_visible (GTK_WIDGET (self->more), rest > 0);
  return dex_future_new_true ();
}

static void
read_lines (MusterStocktakePage *self)
{
  const char              *result = adw_toggle_group_get_active_name (self->results);
  const char *const        filters[] = { "result", result, NULL };
  const MusterApiListQuery query = { .sort = "code", .limit = MAX_LINES, .filters = filters };

  if (result == NULL || self->stocktake == NULL || is_blind (self))
    return;
  dex_clear (&self->reading);
  self->reading =
    dex_future_finally (muster_api_stocktakes_list_lines (client_of (self), self->id, &query),
                        muster_stocktake_page_lines_cb, self, NULL);
}

static void
muster_stocktake_page_result_cb (MusterStocktakePage *self)
{
  static const char *const texts[] = {
    [MUSTER_COUNT_RESULT_EXPECTED] = N_ ("Nothing of it is found yet."),
    [MUSTER_COUNT_RESULT_MISSING] = N_ ("Nothing is missing."),
    [MUSTER_COUNT_RESULT_EXTRA] = N_ ("Nothing is extra."),
    [MUSTER_COUNT_RESULT_MOVED] = N_ ("Nothing was moved here."),
    [MUSTER_COUNT_RESULT_UNKNOWN] = N_ ("No code is unknown."),
  };
  const char *name =
    self->results != NULL ? adw_toggle_group_get_active_name (self->results) : NULL;
  int result = name != NULL ? muster_enum_parse (&muster_count_result_enum, name) : -1;

  if (result < 0 || self->lines == NULL)
    return;
  gtk_label_set_label (self->lines_placeholder, _ (texts[result]));
  read_lines (self);
}

/* --- reading --- */

static DexFuture *
muster_stocktake_page_load_fiber (gpointer user_data)
{
  MusterStocktakePage *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) object =
              dex_await_boxed (muster_api_stocktakes_get (client_of (self), self->id), &error);
  g_autoptr (MusterEntity) stocktake = NULL;

  if (object != NULL)
    stocktake = muster_entity_new_from_json (&muster_stocktake_info, object, &error);
  if (!muster_page_is_alive (MUSTER_PAGE (self)))
    return dex_future_new_true ();
  if (stocktake == NULL && self->stocktake == NULL)
    {
      muster_trouble_view_set_error (self->trouble, _ ("The Count Could Not Be Read"), error);
      gtk_stack_set_visible_child_name (self->stack, "error");
    }
  if (stocktake == NULL)
    return dex_future_new_true ();
  g_set_object (&self->stocktake, stocktake);
  take_counts (self, muster_api_json_get_object (object, "counts"));
  show_stocktake (self);
  read_lines (self);
  return dex_future_new_true ();
}

static void
muster_stocktake_page_refresh (MusterPage *page)
{
  muster_page_run (page, muster_stocktake_page_load_fiber);
}

static void
muster_stocktake_page_settled_cb (gpointer user_data)
{
  MusterStocktakePage *self = user_data;

  self->settle_id = 0;
  muster_stocktake_page_refresh (MUSTER_PAGE (self));
}

static void
refresh_soon (MusterStocktakePage *self)
{
  if (self->settle_id == 0)
    self->settle_id = g_timeout_add_once (SETTLE_MSEC, muster_stocktake_page_settled_cb, self);
}

static void
muster_stocktake_page_journal_cb (MusterStocktakePage *self,
                                  const char          *topic,
                                  const char          *subject,
                                  JsonObject          *data)
{
  g_autoptr (MusterApiChange) change = muster_api_change_new_from_json (data, NULL);
  const char *entity = change != NULL ? muster_api_change_get_entity (change) : NULL;

  if (entity != NULL && g_str_has_prefix (entity, "stocktake"))
    refresh_soon (self);
}

static void
muster_stocktake_page_ready_cb (MusterStocktakePage *self, gboolean resumed)
{
  if (!resumed)
    muster_stocktake_page_refresh (MUSTER_PAGE (self));
}

/* --- scans on their way --- */

static GtkWidget *
find_scan (MusterStocktakePage *self, const char *id)
{
  GtkListBoxRow *row;

  for (int i = 0; (row = gtk_list_box_get_row_at_index (self->scans, i)) != NULL; i++)
    if (g_strcmp0 (muster_scan_row_get_id (GTK_WIDGET (row)), id) == 0)
      return GTK_WIDGET (row);
  return NULL;
}

static void
take_item (MusterStocktakePage *self, JsonObject *item)
{
  GtkWidget  *row = find_scan (self, muster_api_json_get_string (item, "id"));
  const char *place = muster_api_json_get_string (item, "location_id");

  if (row != NULL)
    muster_scan_row_take (row, item);
  /* The label of a place: what comes now lies there. */
  if (g_strcmp0 (muster_api_json_get_string (item, "kind"), "location") == 0 && place != NULL &&
      muster_api_json_get_string (item, "detail") == NULL)
    {
      g_set_str (&self->place, place);
      show_place (self);
    }
}

static void
muster_stocktake_page_taken_cb (MusterStocktakePage *self, JsonObject *answer)
{
  JsonArray *items = muster_api_json_get_array (answer, "items");

  for (unsigned i = 0; items != NULL && i < json_array_get_length (items); i++)
    take_item (self, json_array_get_object_element (items, i));
  take_counts (self, muster_api_json_get_object (answer, "counts"));
  refresh_soon (self);
}

/* The site does not take it: it is set aside, and said so. */
static void
muster_stocktake_page_refused_cb (MusterStocktakePage *self,
                                  const char          *id,
                                  const char          *code,
                                  const char          *reason)
{
  GtkWidget       *row = find_scan (self, id);
  g_autofree char *text = NULL;

  if (row != NULL)
    {
      muster_scan_row_refuse (row, reason);
      return;
    }
  text = g_strdup_printf ("%s: %s", code, reason);
  muster_session_tell (session_of (self), text);
}

/* --- scanning --- */

static void count_code (MusterStocktakePage *self, const char *code, gint64 quantity);

static void
muster_stocktake_page_undo_cb (MusterStocktakePage *self, GtkWidget *button)
{
  GtkWidget *row = gtk_widget_get_ancestor (button, GTK_TYPE_LIST_BOX_ROW);

  gtk_widget_set_visible (button, FALSE);
  count_code (self, muster_scan_row_get_code (row), -muster_scan_row_get_quantity (row));
}

static void
count_code (MusterStocktakePage *self, const char *code, gint64 quantity)
{
  const char    *id = muster_scan_queue_add (self->queue, code, quantity, self->place);
  GtkWidget     *row = muster_scan_row_new (session_of (self), id, code, quantity);
  GtkListBoxRow *last;

  g_signal_connect_object (muster_scan_row_get_undo (row), "clicked",
                           G_CALLBACK (muster_stocktake_page_undo_cb), self, G_CONNECT_SWAPPED);
  gtk_list_box_prepend (self->scans, row);
  last = gtk_list_box_get_row_at_index (self->scans, MAX_SCANS);
  if (last != NULL)
    gtk_list_box_remove (self->scans, GTK_WIDGET (last));
  gtk_accessible_announce (GTK_ACCESSIBLE (self->scans), code,
                           GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_LOW);
}

static gboolean
muster_stocktake_page_scan (MusterPage *page, const char *code)
{
  MusterStocktakePage *self = MUSTER_STOCKTAKE_PAGE (page);

  if (!is_counting (self) || !muster_page_may (page, "scanStocktake"))
    return FALSE;
  count_code (self, code, 1);
  return TRUE;
}

static void
muster_stocktake_page_typed_cb (MusterStocktakePage *self)
{
  g_autofree char *code = g_strstrip (g_strdup (gtk_editable_get_text (self->code)));

  if (*code == '\0')
    return;
  count_code (self, code, gtk_spin_button_get_value_as_int (self->quantity));
  gtk_editable_set_text (self->code, "");
  gtk_spin_button_set_value (self->quantity, 1);
  gtk_widget_grab_focus (GTK_WIDGET (self->code));
}

/* --- the end --- */

static void
muster_stocktake_page_review_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterStocktakePage *self = MUSTER_STOCKTAKE_PAGE (widget);

  muster_stocktake_review (session_of (self), widget, self->id, self->counts);
}

static void
muster_stocktake_page_cancel_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterStocktakePage *self = MUSTER_STOCKTAKE_PAGE (widget);

  muster_do_and_offer (session_of (self), muster_api_stocktakes_cancel (client_of (self), self->id),
                       "stocktake", self->id, g_strdup (_ ("The count is given up")),
                       _ ("Could not give it up"));
}

static void
muster_stocktake_page_resume_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterStocktakePage *self = MUSTER_STOCKTAKE_PAGE (widget);

  muster_do_and_offer (session_of (self), muster_api_stocktakes_resume (client_of (self), self->id),
                       "stocktake", self->id, g_strdup (_ ("The count goes on")),
                       _ ("Could not go on"));
}

static void
muster_stocktake_page_print_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterStocktakePage *self = MUSTER_STOCKTAKE_PAGE (widget);
  const char          *ids[] = { self->id, NULL };

  muster_print_dialog_show (widget, session_of (self), MUSTER_PRINT_COUNT_SHEET, ids);
}

static void
muster_stocktake_page_edit_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterStocktakePage *self = MUSTER_STOCKTAKE_PAGE (widget);

  if (self->stocktake != NULL)
    adw_dialog_present (muster_record_dialog_new (session_of (self), &muster_stocktake_info,
                                                  self->stocktake, NULL, _ ("Edit Count")),
                        widget);
}

static void
muster_stocktake_page_rights_changed (MusterPage *page)
{
  update_actions (MUSTER_STOCKTAKE_PAGE (page));
}

/* --- life --- */

static void
muster_stocktake_page_dispose (GObject *object)
{
  MusterStocktakePage *self = MUSTER_STOCKTAKE_PAGE (object);

  g_clear_handle_id (&self->settle_id, g_source_remove);
  if (self->journal != NULL)
    muster_api_subscription_close (self->journal);
  g_clear_object (&self->journal);
  dex_clear (&self->reading);
  if (self->sender != NULL)
    g_object_run_dispose (G_OBJECT (self->sender));
  g_clear_object (&self->sender);
  gtk_widget_dispose_template (GTK_WIDGET (self), MUSTER_TYPE_STOCKTAKE_PAGE);
  G_OBJECT_CLASS (muster_stocktake_page_parent_class)->dispose (object);
}

static void
muster_stocktake_page_finalize (GObject *object)
{
  MusterStocktakePage *self = MUSTER_STOCKTAKE_PAGE (object);

  g_free (self->id);
  g_free (self->place);
  g_clear_object (&self->stocktake);
  g_clear_object (&self->queue);
  G_OBJECT_CLASS (muster_stocktake_page_parent_class)->finalize (object);
}

static void
bind_template (GtkWidgetClass *klass)
{
  g_type_ensure (MUSTER_TYPE_SKELETON);
  g_type_ensure (MUSTER_TYPE_STATUS_CHIP);
  g_type_ensure (MUSTER_TYPE_TROUBLE_VIEW);
  gtk_widget_class_set_template_from_resource (klass, "/org/muster/Muster/stocktake-page.ui");
  gtk_widget_class_bind_template_child (klass, MusterStocktakePage, window_title);
  gtk_widget_class_bind_template_child (klass, MusterStocktakePage, away);
  gtk_widget_class_bind_template_child (klass, MusterStocktakePage, stack);
  gtk_widget_class_bind_template_child (klass, MusterStocktakePage, trouble);
  gtk_widget_class_bind_template_child (klass, MusterStocktakePage, progress_number);
  gtk_widget_class_bind_template_child (klass, MusterStocktakePage, progress_text);
  gtk_widget_class_bind_template_child (klass, MusterStocktakePage, status);
  gtk_widget_class_bind_template_child (klass, MusterStocktakePage, progress);
  gtk_widget_class_bind_template_child (klass, MusterStocktakePage, entry_box);
  gtk_widget_class_bind_template_child (klass, MusterStocktakePage, code);
  gtk_widget_class_bind_template_child (klass, MusterStocktakePage, quantity);
  gtk_widget_class_bind_template_child (klass, MusterStocktakePage, place_row);
  gtk_widget_class_bind_template_child (klass, MusterStocktakePage, forget_place);
  gtk_widget_class_bind_template_child (klass, MusterStocktakePage, scans_group);
  gtk_widget_class_bind_template_child (klass, MusterStocktakePage, scans);
  gtk_widget_class_bind_template_child (klass, MusterStocktakePage, lines_box);
  gtk_widget_class_bind_template_child (klass, MusterStocktakePage, results);
  gtk_widget_class_bind_template_child (klass, MusterStocktakePage, lines);
  gtk_widget_class_bind_template_child (klass, MusterStocktakePage, lines_placeholder);
  gtk_widget_class_bind_template_child (klass, MusterStocktakePage, more);
  gtk_widget_class_bind_template_child (klass, MusterStocktakePage, review);
  gtk_widget_class_bind_template_child (klass, MusterStocktakePage, cancel_count);
  gtk_widget_class_bind_template_child (klass, MusterStocktakePage, resume);
  gtk_widget_class_bind_template_callback (klass, muster_stocktake_page_typed_cb);
  gtk_widget_class_bind_template_callback (klass, muster_stocktake_page_forget_place_cb);
  gtk_widget_class_bind_template_callback (klass, muster_stocktake_page_result_cb);
}

static void
muster_stocktake_page_class_init (MusterStocktakePageClass *klass)
{
  static const struct
  {
    const char                 *name;
    GtkWidgetActionActivateFunc activate;
  } actions[] = {
    { "stocktake.review", muster_stocktake_page_review_action },
    { "stocktake.cancel", muster_stocktake_page_cancel_action },
    { "stocktake.resume", muster_stocktake_page_resume_action },
    { "stocktake.print", muster_stocktake_page_print_action },
    { "page.print", muster_stocktake_page_print_action },
    { "stocktake.edit", muster_stocktake_page_edit_action },
  };

  G_OBJECT_CLASS (klass)->dispose = muster_stocktake_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = muster_stocktake_page_finalize;
  MUSTER_PAGE_CLASS (klass)->refresh = muster_stocktake_page_refresh;
  MUSTER_PAGE_CLASS (klass)->rights_changed = muster_stocktake_page_rights_changed;
  MUSTER_PAGE_CLASS (klass)->scan = muster_stocktake_page_scan;
  bind_template (GTK_WIDGET_CLASS (klass));
  for (unsigned i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_class_install_action (GTK_WIDGET_CLASS (klass), actions[i].name, NULL,
                                     actions[i].activate);
}

static void
muster_stocktake_page_init (MusterStocktakePage *self)
{
  self->queue = muster_scan_queue_new (NULL);
  gtk_widget_init_template (GTK_WIDGET (self));
}

MusterPage *
muster_stocktake_page_new (MusterSession *session, const char *stocktake_id)
{
  MusterStocktakePage *self = g_object_new (MUSTER_TYPE_STOCKTAKE_PAGE, "session", session, NULL);
  g_autoptr (GFile) file = muster_scan_queue_get_file (stocktake_id);

  self->id = g_strdup (stocktake_id);
  g_object_unref (self->queue);
  self->queue = muster_scan_queue_new (file);
  self->sender = muster_scan_sender_new (session, stocktake_id, self->queue);
  g_signal_connect_object (self->sender, "taken", G_CALLBACK (muster_stocktake_page_taken_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->sender, "refused", G_CALLBACK (muster_stocktake_page_refused_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->sender, "idle", G_CALLBACK (show_away), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->queue, "changed", G_CALLBACK (show_away), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::connected", G_CALLBACK (show_away), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (muster_references_get (session), "changed", G_CALLBACK (show_place),
                           self, G_CONNECT_SWAPPED);
  self->journal =
    muster_api_stream_subscribe (muster_session_get_stream (session), "journal", NULL, NULL, -1);
  g_signal_connect_object (self->journal, "event", G_CALLBACK (muster_stocktake_page_journal_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->journal, "ready", G_CALLBACK (muster_stocktake_page_ready_cb),
                           self, G_CONNECT_SWAPPED);
  adw_toggle_group_set_active_name (self->results, "missing");
  muster_stocktake_page_result_cb (self);
  muster_stocktake_page_refresh (MUSTER_PAGE (self));
  /* What was counted while the site was away, and never left this machine. */
  muster_scan_sender_send (self->sender);
  return MUSTER_PAGE (self);
}
