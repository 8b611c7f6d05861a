/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-reference-row"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-collection.h"
#include "muster-record-format.h"
#include "muster-pressable.h"
#include "muster-reference-row.h"
#include "muster-references.h"
#include "muster-trouble-view.h"

/* More are found by typing than by scrolling. */
#define MAX_OFFERED 40

struct _MusterReferenceRow
{
  AdwActionRow parent_instance;

  MusterSession          *session; /* (owned) */
  const MusterEntityInfo *info;
  char                   *id;      /* (owned) (nullable) */
  char                  **filters; /* (owned) (nullable) */
  DexFuture              *asking;  /* (owned) (nullable) */
  gboolean                nullable;

  GtkWidget  *name;
  GtkWidget  *popover;
  GtkWidget  *search;
  GtkLabel   *trouble; /* why nothing is found */
  GtkWidget  *scrolled;
  GtkListBox *list;
};

G_DEFINE_FINAL_TYPE (MusterReferenceRow, muster_reference_row, ADW_TYPE_ACTION_ROW)

typedef enum
{
  PROP_RECORD_ID = 1,
} MusterReferenceRowProperty;

static GParamSpec *properties[PROP_RECORD_ID + 1];

MusterEntity *
muster_reference_row_get_record (MusterReferenceRow *self)
{
  g_return_val_if_fail (MUSTER_IS_REFERENCE_ROW (self), NULL);

  return muster_references_lookup (muster_references_get (self->session), self->info->name,
                                   self->id);
}

static void
muster_reference_row_show (MusterReferenceRow *self)
{
  MusterEntity *record = self->id != NULL ? muster_reference_row_get_record (self) : NULL;
  const char   *name = record != NULL     ? muster_reference_get_title (record)
                       : self->id != NULL ? "…"
                                          : _ ("None");

  gtk_label_set_label (GTK_LABEL (self->name), name);
  gtk_widget_set_tooltip_text (self->name, record != NULL ? name : NULL);
  if (self->id == NULL)
    gtk_widget_add_css_class (self->name, "dim-label");
  else
    gtk_widget_remove_css_class (self->name, "dim-label");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, name,
                                  -1);
}

/* --- finding one --- */

/* What tells two of the same name apart. */
static const char *const *
get_subtitle_fields (const MusterEntityInfo *info)
{
  static const char *const of_products[] = { "sku", "model", NULL };
  static const char *const of_places[] = { "kind", "code", NULL };
  static const char *const of_devices[] = { "serial", "model", NULL };
  static const char *const of_people[] = { "email", NULL };
  static const char *const of_batches[] = { "supplier", NULL };
  static const struct
  {
    const char        *entity;
    const char *const *fields;
  } table[] = {
    { "product", of_products }, { "location", of_places }, { "device", of_devices },
    { "person", of_people },    { "batch", of_batches },
  };

  for (unsigned i = 0; i < G_N_ELEMENTS (table); i++)
    if (g_str_equal (table[i].entity, info->name))
      return table[i].fields;
  return NULL;
}

static GtkWidget *
create_choice (MusterReferenceRow *self, MusterEntity *record)
{
  const char *const *fields = get_subtitle_fields (self->info);
  g_autofree char   *subtitle =
    fields != NULL ? muster_record_format_line (self->session, record, fields) : NULL;
  GtkWidget *row = g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "title",
                                 muster_reference_get_title (record), "subtitle", subtitle,
                                 "title-lines", 1, "subtitle-lines", 1, "activatable", TRUE, NULL);

  g_object_set_data_full (G_OBJECT (row), "muster-record", g_object_ref (record), g_object_unref);
  if (g_strcmp0 (muster_entity_get_id (record), self->id) == 0)
    adw_action_row_add_suffix (ADW_ACTION_ROW (row),
                               gtk_image_new_from_icon_name ("object-select-symbolic"));
  return row;
}

static DexFuture *
muster_reference_row_found_cb (DexFuture *future, gpointer user_data)
{
  MusterReferenceRow *self = user_data;
  g_autoptr (GError) error = NULL;
  const GValue    *value = dex_future_get_value (future, &error);
  MusterApiPage   *page = value != NULL ? g_value_get_object (value) : NULL;
  g_autofree char *text = error != NULL ? muster_trouble_describe (error) : NULL;

  gtk_list_box_remove_all (self->list);
  gtk_label_set_label (self->trouble, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->trouble), text != NULL);
  gtk_widget_set_visible (self->scrolled, text == NULL || self->nullable);
  if (text != NULL)
    gtk_accessible_announce (GTK_ACCESSIBLE (self->search), text,
                             GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_MEDIUM);
  if (self->nullable && *gtk_editable_get_text (GTK_EDITABLE (self->search)) == '\0')
    gtk_list_box_append (self->list, g_object_new (ADW_TYPE_ACTION_ROW, "title", _ ("None"),
                                                   "activatable", TRUE, NULL));
  for (unsigned i = 0; page != NULL && i < muster_api_page_get_length (page); i++)
    gtk_list_box_append (self->list, create_choice (self, muster_api_page_get (page, i)));
  return dex_future_new_true ();
}

static void
muster_reference_row_search_cb (MusterReferenceRow *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->search));
  const char *sort = g_str_equal (self->info->name, "location") ? "path" : self->info->title_field;
  const MusterApiListQuery query = { .q = *text != '\0' ? text : NULL,
                                     .sort = sort,
                                     .limit = MAX_OFFERED,
                                     .filters = (const char *const *)self->filters };

  dex_clear (&self->asking);
  self->asking =
    dex_future_finally (muster_api_collection_list (muster_session_get_client (self->session),
                                                    self->info, &query),
                        muster_reference_row_found_cb, self, NULL);
}

static void
muster_reference_row_chosen_cb (MusterReferenceRow *self, GtkWidget *row)
{
  MusterEntity *record = g_object_get_data (G_OBJECT (row), "muster-record");

  if (record != NULL)
    muster_references_keep (muster_references_get (self->session), record);
  gtk_popover_popdown (GTK_POPOVER (self->popover));
  muster_reference_row_set_id (self, record != NULL ? muster_entity_get_id (record) : NULL);
}

/* Enter takes what stands first. */
static void
muster_reference_row_enter_cb (MusterReferenceRow *self)
{
  GtkListBoxRow *row = gtk_list_box_get_row_at_index (self->list, 0);

  if (row != NULL && *gtk_editable_get_text (GTK_EDITABLE (self->search)) != '\0')
    muster_reference_row_chosen_cb (self, GTK_WIDGET (row));
}

void
muster_reference_row_open (MusterReferenceRow *self)
{
  g_return_if_fail (MUSTER_IS_REFERENCE_ROW (self));

  gtk_editable_set_text (GTK_EDITABLE (self->search), "");
  muster_reference_row_search_cb (self);
  gtk_popover_popup (GTK_POPOVER (self->popover));
  gtk_widget_grab_focus (self->search);
}

static void
muster_reference_row_activate (AdwActionRow *row)
{
  muster_reference_row_open (MUSTER_REFERENCE_ROW (row));
}

/* --- life --- */

static void
muster_reference_row_dispose (GObject *object)
{
  MusterReferenceRow *self = MUSTER_REFERENCE_ROW (object);

  dex_clear (&self->asking);
  g_clear_pointer (&self->popover, gtk_widget_unparent);
  g_clear_object (&self->session);
  g_clear_pointer (&self->id, g_free);
  g_clear_pointer (&self->filters, g_strfreev);
  G_OBJECT_CLASS (muster_reference_row_parent_class)->dispose (object);
}

static void
muster_reference_row_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  switch ((MusterReferenceRowProperty)prop_id)
    {
    case PROP_RECORD_ID:
      g_value_set_string (value, MUSTER_REFERENCE_ROW (object)->id);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
muster_reference_row_set_property (GObject      *object,
                                   guint         prop_id,
                                   const GValue *value,
                                   GParamSpec   *pspec)
{
  switch ((MusterReferenceRowProperty)prop_id)
    {
    case PROP_RECORD_ID:
      muster_reference_row_set_id (MUSTER_REFERENCE_ROW (object), g_value_get_string (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
muster_reference_row_class_init (MusterReferenceRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = muster_reference_row_dispose;
  object_class->get_property = muster_reference_row_get_property;
  object_class->set_property = muster_reference_row_set_property;
  ADW_ACTION_ROW_CLASS (klass)->activate = muster_reference_row_activate;
  properties[PROP_RECORD_ID] =
    g_param_spec_string ("record-id", NULL, NULL, NULL,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static GtkWidget *
create_note (const char *text)
{
  return g_object_new (GTK_TYPE_LABEL, "label", text, "wrap", TRUE, "max-width-chars", 36,
                       "margin-top", 12, "margin-bottom", 12, "margin-start", 12, "margin-end", 12,
                       "css-classes", (const char *[]){ "dim-label", NULL }, NULL);
}

static void
create_list (MusterReferenceRow *self)
{
  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_selection_mode (self->list, GTK_SELECTION_NONE);
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "boxed-list");
  g_signal_connect_object (self->list, "row-activated", G_CALLBACK (muster_reference_row_chosen_cb),
                           self, G_CONNECT_SWAPPED);
  gtk_list_box_set_placeholder (self->list, create_note (_ ("Nothing matches.")));
}

static void
create_popover (MusterReferenceRow *self, GtkWidget *parent)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);

  self->search = gtk_search_entry_new ();
  g_signal_connect_object (self->search, "search-changed",
                           G_CALLBACK (muster_reference_row_search_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->search, "activate", G_CALLBACK (muster_reference_row_enter_cb),
                           self, G_CONNECT_SWAPPED);
  create_list (self);
  self->trouble = GTK_LABEL (create_note (""));
  gtk_widget_set_visible (GTK_WIDGET (self->trouble), FALSE);
  self->scrolled = g_object_new (GTK_TYPE_SCROLLED_WINDOW, "hscrollbar-policy", GTK_POLICY_NEVER,
                                 "propagate-natural-height", TRUE, "max-content-height", 300,
                                 "width-request", 280, "child", self->list, NULL);
  gtk_box_append (GTK_BOX (box), self->search);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->trouble));
  gtk_box_append (GTK_BOX (box), self->scrolled);
  self->popover = gtk_popover_new ();
  gtk_popover_set_child (GTK_POPOVER (self->popover), box);
  gtk_widget_set_parent (self->popover, parent);
}

static void
muster_reference_row_init (MusterReferenceRow *self)
{
  GtkWidget *arrow = gtk_image_new_from_icon_name ("pan-down-symbolic");

  self->name = gtk_label_new (NULL);
  gtk_label_set_ellipsize (GTK_LABEL (self->name), PANGO_ELLIPSIZE_START);
  gtk_label_set_xalign (GTK_LABEL (self->name), 1);
  gtk_widget_set_hexpand (self->name, TRUE);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), self->name);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), arrow);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self), FALSE);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (self), TRUE);
  muster_pressable_make (GTK_LIST_BOX_ROW (self));
  create_popover (self, arrow);
}

GtkWidget *
muster_reference_row_new (MusterSession *session,
                          const char    *entity,
                          const char    *title,
                          gboolean       nullable)
{
  MusterReferenceRow     *self;
  const MusterEntityInfo *info = muster_reference_find_info (entity);

  g_return_val_if_fail (MUSTER_IS_SESSION (session) && info != NULL, NULL);

  self = g_object_new (MUSTER_TYPE_REFERENCE_ROW, "title", title, NULL);
  self->session = g_object_ref (session);
  self->info = info;
  self->nullable = nullable;
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->search), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  title, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL, title,
                                  -1);
  g_signal_connect_object (muster_references_get (session), "changed",
                           G_CALLBACK (muster_reference_row_show), self, G_CONNECT_SWAPPED);
  muster_reference_row_show (self);
  return GTK_WIDGET (self);
}

const char *
muster_reference_row_get_id (MusterReferenceRow *self)
{
  g_return_val_if_fail (MUSTER_IS_REFERENCE_ROW (self), NULL);

  return self->id;
}

void
muster_reference_row_set_id (MusterReferenceRow *self, const char *id)
{
  g_return_if_fail (MUSTER_IS_REFERENCE_ROW (self));

  if (!g_set_str (&self->id, id != NULL && *id != '\0' ? id : NULL))
    return;
  muster_reference_row_show (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RECORD_ID]);
}

void
muster_reference_row_set_filters (MusterReferenceRow *self, const char *const *filters)
{
  g_return_if_fail (MUSTER_IS_REFERENCE_ROW (self));

  g_strfreev (self->filters);
  self->filters = g_strdupv ((char **)filters);
}
