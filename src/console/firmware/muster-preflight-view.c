/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-preflight-view"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-json.h"
#include "client/muster-api-rollouts.h"
#include "muster-preflight-view.h"
#include "widgets/muster-format.h"

/* --- one device --- */

typedef enum
{
  VERDICT_READY,
  VERDICT_LATER,
  VERDICT_NEVER,
  N_VERDICTS,
} Verdict;

static const struct
{
  const char *nick; /* of the daemon */
  const char *word; /* N_() marked */
  const char *icon_name;
  const char *css_class;
} verdicts[N_VERDICTS] = {
  { "ready", N_ ("Now"), "muster-online-symbolic", "success" },
  { "later", N_ ("Later"), "muster-ring-symbolic", "warning" },
  { "never", N_ ("Not"), "muster-cross-symbolic", "error" },
};

#define MUSTER_TYPE_PREFLIGHT_ITEM (muster_preflight_item_get_type ())
G_DECLARE_FINAL_TYPE (MusterPreflightItem, muster_preflight_item, MUSTER, PREFLIGHT_ITEM, GObject)

struct _MusterPreflightItem
{
  GObject parent_instance;

  char   *id;      /* (owned) (nullable) of the device */
  char   *name;    /* (owned) */
  char   *reasons; /* (owned) */
  Verdict verdict;
};

G_DEFINE_FINAL_TYPE (MusterPreflightItem, muster_preflight_item, G_TYPE_OBJECT)

static void
muster_preflight_item_finalize (GObject *object)
{
  MusterPreflightItem *self = MUSTER_PREFLIGHT_ITEM (object);

  g_free (self->id);
  g_free (self->name);
  g_free (self->reasons);
  G_OBJECT_CLASS (muster_preflight_item_parent_class)->finalize (object);
}

static void
muster_preflight_item_class_init (MusterPreflightItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_preflight_item_finalize;
}

static void
muster_preflight_item_init (MusterPreflightItem *self)
{
}

/* A sentence a reason. */
static char *
join_reasons (JsonArray *reasons)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (unsigned i = 0; reasons != NULL && i < json_array_get_length (reasons); i++)
    {
      JsonNode   *node = json_array_get_element (reasons, i);
      const char *reason =
        json_node_get_value_type (node) == G_TYPE_STRING ? json_node_get_string (node) : NULL;
      g_autofree char *sentence = reason != NULL ? muster_format_sentence (reason) : NULL;

      if (sentence != NULL)
        g_string_append_printf (text, "%s%s", text->len > 0 ? " · " : "", sentence);
    }
  return g_string_free_and_steal (g_steal_pointer (&text));
}

static MusterPreflightItem *
create_item (JsonObject *row)
{
  MusterPreflightItem *item = g_object_new (MUSTER_TYPE_PREFLIGHT_ITEM, NULL);
  const char          *verdict = muster_api_json_get_string (row, "verdict");
  const char          *name = muster_api_json_get_string (row, "name");

  item->id = g_strdup (muster_api_json_get_string (row, "device_id"));
  item->name = g_strdup (name != NULL ? name : "");
  item->reasons = join_reasons (muster_api_json_get_array (row, "reasons"));
  for (int i = 0; i < N_VERDICTS; i++)
    if (g_strcmp0 (verdict, verdicts[i].nick) == 0)
      item->verdict = i;
  return item;
}

/* --- the view --- */

struct _MusterPreflightView
{
  AdwBin parent_instance;

  GListStore     *items;  /* (owned) */
  GtkFilter      *filter; /* (owned) */
  DexFuture      *asking; /* (owned) (nullable) */
  GError         *error;  /* (owned) (nullable) */
  gint64          counts[N_VERDICTS];
  gint64          total;
  GtkLabel       *heading;
  GtkLabel       *trouble;
  GtkWidget      *list;
  AdwToggleGroup *toggles;
};

G_DEFINE_FINAL_TYPE (MusterPreflightView, muster_preflight_view, ADW_TYPE_BIN)

enum
{
  CHANGED,
  N_SIGNALS,
};

static unsigned signals[N_SIGNALS];

/* --- rows --- */

static GtkWidget *
create_label (const char *css_class)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  if (css_class != NULL)
    {
      gtk_widget_add_css_class (label, "caption");
      gtk_widget_add_css_class (label, css_class);
    }
  return label;
}

static void
muster_preflight_view_setup_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 10);
  GtkWidget *lines = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *image = gtk_image_new ();
  GtkWidget *word = gtk_label_new (NULL);

  gtk_box_append (GTK_BOX (lines), create_label (NULL));
  gtk_box_append (GTK_BOX (lines), create_label ("dim-label"));
  gtk_widget_set_hexpand (lines, TRUE);
  gtk_widget_set_valign (lines, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (box), image);
  gtk_box_append (GTK_BOX (box), lines);
  gtk_box_append (GTK_BOX (box), word);
  gtk_widget_add_css_class (box, "preflight-row");
  gtk_list_item_set_child (list_item, box);
  gtk_list_item_set_activatable (list_item, TRUE);
}

static void
muster_preflight_view_bind_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item)
{
  MusterPreflightItem *item = gtk_list_item_get_item (list_item);
  GtkWidget           *image = gtk_widget_get_first_child (gtk_list_item_get_child (list_item));
  GtkWidget           *lines = gtk_widget_get_next_sibling (image);
  GtkWidget           *word = gtk_widget_get_next_sibling (lines);
  GtkWidget           *name = gtk_widget_get_first_child (lines);
  GtkWidget           *reasons = gtk_widget_get_last_child (lines);
  const char          *classes[] = { verdicts[item->verdict].css_class, NULL };

  gtk_image_set_from_icon_name (GTK_IMAGE (image), verdicts[item->verdict].icon_name);
  gtk_widget_set_css_classes (image, classes);
  gtk_widget_set_css_classes (word, classes);
  gtk_label_set_label (GTK_LABEL (word), _ (verdicts[item->verdict].word));
  gtk_label_set_label (GTK_LABEL (name), item->name);
  gtk_label_set_label (GTK_LABEL (reasons), item->reasons);
  gtk_widget_set_visible (reasons, *item->reasons != '\0');
  gtk_list_item_set_accessible_label (list_item, item->name);
  gtk_list_item_set_accessible_description (list_item, item->reasons);
}

static void
muster_preflight_view_activate_cb (MusterPreflightView *self, unsigned position)
{
  GListModel *model = G_LIST_MODEL (gtk_list_view_get_model (GTK_LIST_VIEW (self->list)));
  g_autoptr (MusterPreflightItem) item = g_list_model_get_item (model, position);

  if (item != NULL && item->id != NULL)
    gtk_widget_activate_action (GTK_WIDGET (self), "win.open", "(ss)", "device", item->id);
}

static gboolean
is_wanted (gpointer object, gpointer user_data)
{
  MusterPreflightView *self = user_data;
  const char          *active = adw_toggle_group_get_active_name (self->toggles);

  return g_strcmp0 (active, "all") == 0 ||
         g_strcmp0 (active, verdicts[MUSTER_PREFLIGHT_ITEM (object)->verdict].nick) == 0;
}

static void
muster_preflight_view_toggled_cb (MusterPreflightView *self)
{
  if (self->filter != NULL)
    gtk_filter_changed (self->filter, GTK_FILTER_CHANGE_DIFFERENT);
}

/* --- reading --- */

static void
show_counts (MusterPreflightView *self)
{
  g_autofree char *text = NULL;

  for (int i = 0; i < N_VERDICTS; i++)
    {
      AdwToggle *toggle = adw_toggle_group_get_toggle_by_name (self->toggles, verdicts[i].nick);
      g_autofree char *label =
        g_strdup_printf ("%s %" G_GINT64_FORMAT, _ (verdicts[i].word), self->counts[i]);

      adw_toggle_set_label (toggle, label);
    }
  text = self->total == 0
           ? g_strdup (_ ("No device matches"))
           : g_strdup_printf (ngettext ("%u of %u device can be updated now",
                                        "%u of %u devices can be updated now", self->total),
                              (unsigned)self->counts[VERDICT_READY], (unsigned)self->total);
  gtk_label_set_label (self->heading, text);
}

static void
take_answer (MusterPreflightView *self, JsonObject *answer)
{
  JsonArray *rows = muster_api_json_get_array (answer, "items");
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);

  for (unsigned i = 0; rows != NULL && i < json_array_get_length (rows); i++)
    {
      JsonObject *row = muster_api_json_as_object (json_array_get_element (rows, i));

      if (row != NULL)
        g_ptr_array_add (items, create_item (row));
    }
  g_list_store_splice (self->items, 0, g_list_model_get_n_items (G_LIST_MODEL (self->items)),
                       items->pdata, items->len);
  for (int i = 0; i < N_VERDICTS; i++)
    self->counts[i] = muster_api_json_get_integer (answer, verdicts[i].nick, 0);
  self->total = muster_api_json_get_integer (answer, "total", 0);
  show_counts (self);
}

static DexFuture *
muster_preflight_view_answered_cb (DexFuture *future, gpointer user_data)
{
  MusterPreflightView *self = user_data;
  g_autoptr (GError) error = NULL;
  const GValue    *value = dex_future_get_value (future, &error);
  g_autofree char *text = NULL;

  if (self->items == NULL)
    return dex_future_new_true ();
  g_clear_error (&self->error);
  if (value != NULL)
    take_answer (self, g_value_get_boxed (value));
  else
    {
      text = muster_format_sentence (error->message);
      self->error = g_steal_pointer (&error);
      g_list_store_remove_all (self->items);
      self->total = self->counts[VERDICT_READY] = -1;
      gtk_label_set_label (self->heading, "");
    }
  gtk_label_set_label (self->trouble, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->trouble), text != NULL);
  g_signal_emit (self, signals[CHANGED], 0);
  return dex_future_new_true ();
}

void
muster_preflight_view_ask (MusterPreflightView *self, MusterSession *session, MusterEntity *rollout)
{
  g_return_if_fail (MUSTER_IS_PREFLIGHT_VIEW (self) && MUSTER_IS_SESSION (session));

  dex_clear (&self->asking);
  if (!muster_session_may (session, "preflightRollout"))
    return;
  self->asking =
    dex_future_finally (muster_api_rollouts_preflight (muster_session_get_client (session),
                                                       rollout),
                        muster_preflight_view_answered_cb, self, NULL);
}

gint64
muster_preflight_view_get_ready (MusterPreflightView *self)
{
  g_return_val_if_fail (MUSTER_IS_PREFLIGHT_VIEW (self), -1);

  return self->counts[VERDICT_READY];
}

gint64
muster_preflight_view_get_total (MusterPreflightView *self)
{
  g_return_val_if_fail (MUSTER_IS_PREFLIGHT_VIEW (self), -1);

  return self->total;
}

const GError *
muster_preflight_view_get_error (MusterPreflightView *self)
{
  g_return_val_if_fail (MUSTER_IS_PREFLIGHT_VIEW (self), NULL);

  return self->error;
}

/* --- life --- */

static void
muster_preflight_view_dispose (GObject *object)
{
  MusterPreflightView *self = MUSTER_PREFLIGHT_VIEW (object);

  dex_clear (&self->asking);
  g_clear_object (&self->filter);
  g_clear_object (&self->items);
  G_OBJECT_CLASS (muster_preflight_view_parent_class)->dispose (object);
}

static void
muster_preflight_view_finalize (GObject *object)
{
  g_clear_error (&MUSTER_PREFLIGHT_VIEW (object)->error);
  G_OBJECT_CLASS (muster_preflight_view_parent_class)->finalize (object);
}

static void
muster_preflight_view_class_init (MusterPreflightViewClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = muster_preflight_view_dispose;
  G_OBJECT_CLASS (klass)->finalize = muster_preflight_view_finalize;
  signals[CHANGED] = g_signal_new ("changed", MUSTER_TYPE_PREFLIGHT_VIEW, G_SIGNAL_RUN_LAST, 0,
                                   NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
add_toggle (MusterPreflightView *self, const char *name, const char *label)
{
  AdwToggle *toggle = adw_toggle_new ();

  adw_toggle_set_name (toggle, name);
  adw_toggle_set_label (toggle, label);
  adw_toggle_group_add (self->toggles, toggle);
}

static GtkWidget *
create_list (MusterPreflightView *self)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  GtkFilterListModel *shown = gtk_filter_list_model_new (G_LIST_MODEL (g_object_ref (self->items)),
                                                         GTK_FILTER (g_object_ref (self->filter)));

  g_signal_connect (factory, "setup", G_CALLBACK (muster_preflight_view_setup_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (muster_preflight_view_bind_cb), NULL);
  self->list =
    gtk_list_view_new (GTK_SELECTION_MODEL (gtk_no_selection_new (G_LIST_MODEL (shown))), factory);
  gtk_list_view_set_single_click_activate (GTK_LIST_VIEW (self->list), TRUE);
  gtk_list_view_set_show_separators (GTK_LIST_VIEW (self->list), TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("What can be updated"), -1);
  g_signal_connect_object (self->list, "activate", G_CALLBACK (muster_preflight_view_activate_cb),
                           self, G_CONNECT_SWAPPED);
  return g_object_new (GTK_TYPE_SCROLLED_WINDOW, "hscrollbar-policy", GTK_POLICY_NEVER, "vexpand",
                       TRUE, "child", self->list, NULL);
}

static void
muster_preflight_view_init (MusterPreflightView *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *bar = adw_wrap_box_new ();

  self->total = self->counts[VERDICT_READY] = -1;
  self->items = g_list_store_new (MUSTER_TYPE_PREFLIGHT_ITEM);
  self->toggles = ADW_TOGGLE_GROUP (adw_toggle_group_new ());
  add_toggle (self, "all", _ ("All"));
  for (int i = 0; i < N_VERDICTS; i++)
    add_toggle (self, verdicts[i].nick, _ (verdicts[i].word));
  adw_toggle_group_set_active_name (self->toggles, "all");
  self->filter = GTK_FILTER (gtk_custom_filter_new (is_wanted, self, NULL));
  g_signal_connect_object (self->toggles, "notify::active-name",
                           G_CALLBACK (muster_preflight_view_toggled_cb), self, G_CONNECT_SWAPPED);
  self->heading = GTK_LABEL (gtk_label_new (NULL));
  self->trouble = GTK_LABEL (create_label ("error"));
  gtk_label_set_xalign (self->heading, 0);
  gtk_label_set_wrap (self->heading, TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (self->heading), "heading");
  gtk_widget_set_visible (GTK_WIDGET (self->trouble), FALSE);
  adw_wrap_box_set_child_spacing (ADW_WRAP_BOX (bar), 12);
  adw_wrap_box_set_line_spacing (ADW_WRAP_BOX (bar), 6);
  adw_wrap_box_append (ADW_WRAP_BOX (bar), GTK_WIDGET (self->heading));
  adw_wrap_box_append (ADW_WRAP_BOX (bar), GTK_WIDGET (self->toggles));
  gtk_widget_add_css_class (bar, "preflight-head");
  gtk_box_append (GTK_BOX (box), bar);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->trouble));
  gtk_box_append (GTK_BOX (box), create_list (self));
  adw_bin_set_child (ADW_BIN (self), box);
}

GtkWidget *
muster_preflight_view_new (void)
{
  return g_object_new (MUSTER_TYPE_PREFLIGHT_VIEW, NULL);
}
