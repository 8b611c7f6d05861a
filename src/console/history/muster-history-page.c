/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-history-page"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-history-page.h"
#include "muster-kind.h"
#include "muster-operation-row.h"
#include "widgets/muster-skeleton.h"
#include "widgets/muster-trouble-view.h"

#define PAGE_LENGTH 100
/* A bulk change is many entries at once: read when they pause. */
#define SETTLE_MSEC 250
/* With several kinds chosen, so many pages are read by themselves until something fits. */
#define MAX_PAGES_IN_A_ROW 10

struct _MusterHistoryPage
{
  MusterPage parent_instance;

  MusterApiSubscription *journal;    /* (owned) */
  DexFuture             *reading;    /* (owned) (nullable) */
  GHashTable            *rows;       /* (owned) operation's id to its row, borrowed from the list */
  gint64                 before;     /* where the next page begins; 0: at the newest */
  unsigned               settle_id;  /* timeout */
  unsigned               generation; /* of the filters: what older ones asked for is dropped */
  unsigned               n_in_a_row; /* pages read without one that shows anything */
  gboolean               complete;   /* there is nothing earlier */
  char                  *actor;      /* (owned) (nullable) whose alone */

  /* Template children */
  AdwWindowTitle    *title;
  GtkEditable       *search;
  GtkMenuButton     *person;
  GtkBox            *chips;
  GtkStack          *stack;
  MusterTroubleView *trouble;
  GtkListBox        *list;
  GtkWidget         *more;
};

G_DEFINE_FINAL_TYPE (MusterHistoryPage, muster_history_page, MUSTER_TYPE_PAGE)

static MusterSession *
session_of (MusterHistoryPage *self)
{
  return muster_page_get_session (MUSTER_PAGE (self));
}

/* --- filters --- */

/* The kinds whose chips are on; NULL where none is. (transfer container) */
static GHashTable *
list_kinds (MusterHistoryPage *self)
{
  GHashTable *kinds = NULL;

  for (GtkWidget *chip = gtk_widget_get_first_child (GTK_WIDGET (self->chips)); chip != NULL;
       chip = gtk_widget_get_next_sibling (chip))
    {
      if (!gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (chip)))
        continue;
      if (kinds == NULL)
        kinds = g_hash_table_new (g_str_hash, g_str_equal);
      g_hash_table_add (kinds, g_object_get_data (G_OBJECT (chip), "muster-entity"));
    }
  return kinds;
}

static gboolean
is_filtered (MusterHistoryPage *self)
{
  g_autoptr (GHashTable) kinds = list_kinds (self);

  return kinds != NULL || self->actor != NULL || *gtk_editable_get_text (self->search) != '\0';
}

/* The daemon looks for one kind; of several, here. */
static gboolean
muster_history_page_fits_cb (GtkListBoxRow *row, gpointer user_data)
{
  g_autoptr (GHashTable) kinds = list_kinds (user_data);
  JsonObject *changes = muster_api_operation_get_changes (
    muster_operation_row_get_operation (MUSTER_OPERATION_ROW (row)));
  JsonObjectIter iter;
  const char    *entity = NULL;

  if (kinds == NULL || changes == NULL)
    return TRUE;
  json_object_iter_init (&iter, changes);
  while (json_object_iter_next (&iter, &entity, NULL))
    if (g_hash_table_contains (kinds, entity))
      return TRUE;
  return FALSE;
}

/* --- what is shown --- */

static int
count_shown (MusterHistoryPage *self)
{
  int n_shown = 0;

  for (GtkWidget *row = gtk_widget_get_first_child (GTK_WIDGET (self->list)); row != NULL;
       row = gtk_widget_get_next_sibling (row))
    n_shown += MUSTER_IS_OPERATION_ROW (row) && gtk_widget_get_child_visible (row);
  return n_shown;
}

static void
muster_history_page_update (MusterHistoryPage *self)
{
  gboolean any = count_shown (self) > 0;

  gtk_widget_set_visible (self->more, !self->complete);
  if (any)
    gtk_stack_set_visible_child_name (self->stack, "content");
  else if (self->reading != NULL && dex_future_is_pending (self->reading))
    gtk_stack_set_visible_child_name (self->stack, "loading");
  else
    gtk_stack_set_visible_child_name (self->stack, is_filtered (self) ? "nothing" : "empty");
}

static GDateTime *
get_day (MusterHistoryPage *self, gint64 time)
{
  g_autoptr (GDateTime) at = g_date_time_new_from_unix_utc_usec (time);

  return g_date_time_to_timezone (at, muster_session_get_zone (session_of (self)));
}

static gboolean
is_same_day (GDateTime *a, GDateTime *b)
{
  return g_date_time_get_year (a) == g_date_time_get_year (b) &&
         g_date_time_get_day_of_year (a) == g_date_time_get_day_of_year (b);
}

static char *
format_day (MusterHistoryPage *self, GDateTime *day)
{
  g_autoptr (GDateTime) today = get_day (self, g_get_real_time ());
  g_autoptr (GDateTime) yesterday = g_date_time_add_days (today, -1);

  if (is_same_day (day, today))
    return g_strdup (_ ("Today"));
  if (is_same_day (day, yesterday))
    return g_strdup (_ ("Yesterday"));
  /* Translators: a date as the heading of a day, see strftime (3). */
  return g_date_time_format (day, _ ("%A, %e %B %Y"));
}

static void
muster_history_page_header_cb (GtkListBoxRow *row, GtkListBoxRow *above, gpointer user_data)
{
  MusterHistoryPage *self = user_data;
  g_autoptr (GDateTime) day =
              get_day (self, muster_api_operation_get_time (
                               muster_operation_row_get_operation (MUSTER_OPERATION_ROW (row))));
  g_autoptr (GDateTime) before =
              above != NULL
                ? get_day (self, muster_api_operation_get_time (muster_operation_row_get_operation (
                                   MUSTER_OPERATION_ROW (above))))
                : NULL;
  g_autofree char *text = NULL;
  GtkWidget       *label;

  if (before != NULL && is_same_day (day, before))
    {
      gtk_list_box_row_set_header (row, NULL);
      return;
    }
  text = format_day (self, day);
  label = gtk_label_new (text);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, "heading");
  gtk_widget_add_css_class (label, "day");
  gtk_list_box_row_set_header (row, label);
}

/* --- reading --- */

static void
add_row (MusterHistoryPage *self, MusterApiOperation *operation, int position)
{
  GtkWidget *row = muster_operation_row_new (session_of (self), operation);

  gtk_list_box_insert (self->list, row, position);
  g_hash_table_insert (self->rows, g_strdup (muster_api_operation_get_id (operation)), row);
}

static void muster_history_page_read (MusterHistoryPage *self, gint64 before);

static void
take_earlier (MusterHistoryPage *self, MusterApiPage *page)
{
  unsigned length = muster_api_page_get_length (page);

  for (unsigned i = 0; i < length; i++)
    {
      MusterApiOperation *operation = muster_api_page_get (page, i);

      if (!g_hash_table_contains (self->rows, muster_api_operation_get_id (operation)))
        add_row (self, operation, -1);
      self->before = muster_api_operation_get_sequence (operation);
    }
  self->complete = length < PAGE_LENGTH;
}

/* The newest page once more: what is new is put on top, what is known is brought up to date. */
static void
take_newest (MusterHistoryPage *self, MusterApiPage *page)
{
  int position = 0;

  for (unsigned i = 0; i < muster_api_page_get_length (page); i++)
    {
      MusterApiOperation *operation = muster_api_page_get (page, i);
      MusterOperationRow *known =
        g_hash_table_lookup (self->rows, muster_api_operation_get_id (operation));

      if (known != NULL)
        muster_operation_row_set_operation (known, operation);
      else if (muster_api_operation_get_sequence (operation) > self->before)
        add_row (self, operation, position++);
    }
}

typedef struct
{
  MusterHistoryPage *page;
  gint64             before;
  unsigned           generation;
} Reading;

static void
reading_free (gpointer data)
{
  Reading *reading = data;

  g_object_unref (reading->page);
  g_free (reading);
}

static void
show_trouble (MusterHistoryPage *self, const GError *error)
{
  if (count_shown (self) > 0)
    {
      muster_session_tell_error (session_of (self), _ ("Could not read the history"), error);
      return;
    }
  muster_trouble_view_set_error (self->trouble, _ ("The History Could Not Be Read"), error);
  gtk_stack_set_visible_child_name (self->stack, "error");
}

static DexFuture *
muster_history_page_read_cb (DexFuture *future, gpointer user_data)
{
  Reading           *reading = user_data;
  MusterHistoryPage *self = reading->page;
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);

  if (!muster_page_is_alive (MUSTER_PAGE (self)) || reading->generation != self->generation)
    return dex_future_new_true ();
  dex_clear (&self->reading);
  if (value == NULL)
    {
      show_trouble (self, error);
      return dex_future_new_true ();
    }
  if (reading->before == 0 && self->before > 0)
    take_newest (self, g_value_get_object (value));
  else
    take_earlier (self, g_value_get_object (value));
  gtk_list_box_invalidate_filter (self->list);
  gtk_list_box_invalidate_headers (self->list);
  if (count_shown (self) == 0 && !self->complete && self->n_in_a_row++ < MAX_PAGES_IN_A_ROW)
    muster_history_page_read (self, self->before);
  muster_history_page_update (self);
  return dex_future_new_true ();
}

static DexFuture *
list_operations (MusterHistoryPage *self, gint64 before)
{
  g_autoptr (GHashTable) kinds = list_kinds (self);
  GHashTableIter        iter;
  gpointer              kind = NULL;
  const char           *text = gtk_editable_get_text (self->search);
  MusterApiHistoryQuery query = {
    .actor = self->actor,
    .q = *text != '\0' ? text : NULL,
    .before = before,
    .limit = PAGE_LENGTH,
  };

  if (kinds != NULL && g_hash_table_size (kinds) == 1)
    {
      g_hash_table_iter_init (&iter, kinds);
      g_hash_table_iter_next (&iter, &kind, NULL);
      query.entity = kind;
    }
  return muster_api_history_list (muster_page_get_client (MUSTER_PAGE (self)), &query);
}

static void
muster_history_page_read (MusterHistoryPage *self, gint64 before)
{
  Reading *reading;

  if (self->reading != NULL)
    return;
  reading = g_new0 (Reading, 1);
  reading->page = g_object_ref (self);
  reading->before = before;
  reading->generation = self->generation;
  self->reading = dex_future_finally (list_operations (self, before), muster_history_page_read_cb,
                                      reading, reading_free);
}

static void
muster_history_page_more_cb (MusterHistoryPage *self)
{
  self->n_in_a_row = 0;
  if (!self->complete)
    muster_history_page_read (self, self->before);
}

static void
muster_history_page_edge_cb (MusterHistoryPage *self, GtkPositionType edge)
{
  if (edge == GTK_POS_BOTTOM)
    muster_history_page_more_cb (self);
}

static void
muster_history_page_refresh (MusterPage *page)
{
  MusterHistoryPage *self = MUSTER_HISTORY_PAGE (page);

  muster_history_page_read (self, 0);
  muster_history_page_update (self);
}

/* From the newest on, with the filters as they are now. */
static void
muster_history_page_filter_cb (MusterHistoryPage *self)
{
  if (self->list == NULL)
    return;
  dex_clear (&self->reading);
  self->generation++;
  self->before = 0;
  self->n_in_a_row = 0;
  self->complete = FALSE;
  g_hash_table_remove_all (self->rows);
  gtk_list_box_remove_all (self->list);
  muster_history_page_read (self, 0);
  muster_history_page_update (self);
}

static void
muster_history_page_clear_cb (MusterHistoryPage *self)
{
  for (GtkWidget *chip = gtk_widget_get_first_child (GTK_WIDGET (self->chips)); chip != NULL;
       chip = gtk_widget_get_next_sibling (chip))
    gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (chip), FALSE);
  gtk_widget_activate_action (GTK_WIDGET (self), "history.person", "s", "");
  gtk_editable_set_text (self->search, "");
}

static void
muster_history_page_search (MusterPage *page)
{
  gtk_widget_grab_focus (GTK_WIDGET (MUSTER_HISTORY_PAGE (page)->search));
}

/* --- who --- */

static void
add_person (GMenu *menu, const char *label, const char *actor)
{
  g_autoptr (GMenuItem) item = g_menu_item_new (label, NULL);

  g_menu_item_set_action_and_target (item, "history.person", "s", actor);
  g_menu_append_item (menu, item);
}

static void
muster_history_page_names_cb (MusterHistoryPage *self)
{
  g_auto (GStrv) people = muster_directory_list (muster_session_get_directory (session_of (self)));
  g_autoptr (GMenu) menu = g_menu_new ();

  add_person (menu, _ ("Everybody"), "");
  for (unsigned i = 0; people[i] != NULL; i += 2)
    add_person (menu, people[i + 1], people[i]);
  gtk_menu_button_set_menu_model (self->person, G_MENU_MODEL (menu));
  gtk_widget_set_visible (GTK_WIDGET (self->person), people[0] != NULL);
}

static void
muster_history_page_person_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterHistoryPage *self = MUSTER_HISTORY_PAGE (widget);
  const char        *actor = g_variant_get_string (parameter, NULL);
  g_autofree char *label = *actor != '\0' ? muster_session_dup_actor_name (session_of (self), actor)
                                          : g_strdup (_ ("Everybody"));

  g_set_str (&self->actor, *actor != '\0' ? actor : NULL);
  gtk_menu_button_set_label (self->person, label);
  muster_history_page_filter_cb (self);
}

/* --- life --- */

static gboolean
muster_history_page_settle_cb (gpointer user_data)
{
  MusterHistoryPage *self = user_data;

  self->settle_id = 0;
  muster_history_page_read (self, 0);
  return G_SOURCE_REMOVE;
}

static void
muster_history_page_journal_cb (MusterHistoryPage *self)
{
  if (self->settle_id == 0)
    self->settle_id = g_timeout_add (SETTLE_MSEC, muster_history_page_settle_cb, self);
}

static void
add_chips (MusterHistoryPage *self)
{
  unsigned          n_kinds;
  const MusterKind *kinds = muster_kinds_list (&n_kinds);

  for (unsigned i = 0; i < n_kinds; i++)
    {
      GtkWidget *chip;

      if (kinds[i].plural == NULL)
        continue;
      chip = gtk_toggle_button_new_with_label (_ (kinds[i].plural));
      gtk_widget_add_css_class (chip, "filter-chip");
      g_object_set_data (G_OBJECT (chip), "muster-entity", (gpointer)kinds[i].info->name);
      g_signal_connect_object (chip, "toggled", G_CALLBACK (muster_history_page_filter_cb), self,
                               G_CONNECT_SWAPPED);
      gtk_box_append (self->chips, chip);
    }
}

static void
muster_history_page_constructed (GObject *object)
{
  MusterHistoryPage *self = MUSTER_HISTORY_PAGE (object);

  G_OBJECT_CLASS (muster_history_page_parent_class)->constructed (object);
  add_chips (self);
  gtk_list_box_set_filter_func (self->list, muster_history_page_fits_cb, self, NULL);
  gtk_list_box_set_header_func (self->list, muster_history_page_header_cb, self, NULL);
  g_signal_connect_object (session_of (self), "names-changed",
                           G_CALLBACK (muster_history_page_names_cb), self, G_CONNECT_SWAPPED);
  muster_history_page_names_cb (self);
  self->journal = muster_api_stream_subscribe (muster_session_get_stream (session_of (self)),
                                               "journal", NULL, NULL, -1);
  g_signal_connect_object (self->journal, "event", G_CALLBACK (muster_history_page_journal_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->journal, "ready", G_CALLBACK (muster_history_page_journal_cb),
                           self, G_CONNECT_SWAPPED);
  muster_history_page_refresh (MUSTER_PAGE (self));
}

static void
muster_history_page_dispose (GObject *object)
{
  MusterHistoryPage *self = MUSTER_HISTORY_PAGE (object);

  g_clear_handle_id (&self->settle_id, g_source_remove);
  if (self->journal != NULL)
    muster_api_subscription_close (self->journal);
  g_clear_object (&self->journal);
  dex_clear (&self->reading);
  if (self->list != NULL)
    {
      gtk_list_box_set_filter_func (self->list, NULL, NULL, NULL);
      gtk_list_box_set_header_func (self->list, NULL, NULL, NULL);
    }
  gtk_widget_dispose_template (GTK_WIDGET (self), MUSTER_TYPE_HISTORY_PAGE);
  G_OBJECT_CLASS (muster_history_page_parent_class)->dispose (object);
}

static void
muster_history_page_finalize (GObject *object)
{
  MusterHistoryPage *self = MUSTER_HISTORY_PAGE (object);

  g_hash_table_unref (self->rows);
  g_free (self->actor);
  G_OBJECT_CLASS (muster_history_page_parent_class)->finalize (object);
}

static void
muster_history_page_class_init (MusterHistoryPageClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = muster_history_page_constructed;
  object_class->dispose = muster_history_page_dispose;
  object_class->finalize = muster_history_page_finalize;
  MUSTER_PAGE_CLASS (klass)->refresh = muster_history_page_refresh;
  MUSTER_PAGE_CLASS (klass)->search = muster_history_page_search;
  g_type_ensure (MUSTER_TYPE_SKELETON);
  g_type_ensure (MUSTER_TYPE_TROUBLE_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/muster/Muster/history-page.ui");
  gtk_widget_class_bind_template_child (widget_class, MusterHistoryPage, title);
  gtk_widget_class_bind_template_child (widget_class, MusterHistoryPage, search);
  gtk_widget_class_bind_template_child (widget_class, MusterHistoryPage, person);
  gtk_widget_class_bind_template_child (widget_class, MusterHistoryPage, chips);
  gtk_widget_class_bind_template_child (widget_class, MusterHistoryPage, stack);
  gtk_widget_class_bind_template_child (widget_class, MusterHistoryPage, trouble);
  gtk_widget_class_bind_template_child (widget_class, MusterHistoryPage, list);
  gtk_widget_class_bind_template_child (widget_class, MusterHistoryPage, more);
  gtk_widget_class_bind_template_callback (widget_class, muster_history_page_filter_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_history_page_clear_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_history_page_edge_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_history_page_more_cb);
  gtk_widget_class_install_action (widget_class, "history.person", "s",
                                   muster_history_page_person_action);
}

static void
muster_history_page_init (MusterHistoryPage *self)
{
  self->rows = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  gtk_widget_init_template (GTK_WIDGET (self));
}
