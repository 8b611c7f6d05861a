/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-shortage-view"

#include "config.h"

#include <inttypes.h>

#include <adwaita.h>
#include <glib/gi18n-lib.h>

#include "client/muster-api-json.h"
#include "muster-shortage-view.h"
#include "widgets/muster-list.h"
#include "widgets/muster-references.h"

struct _MusterShortageView
{
  GtkBox parent_instance;

  GPtrArray *list; /* (owned) (nullable) (element-type MusterAvailability) */

  /* Template children */
  GtkLabel   *title;
  GtkListBox *rows;
  GtkWidget  *order_missing;
};

G_DEFINE_FINAL_TYPE (MusterShortageView, muster_shortage_view, GTK_TYPE_BOX)

enum
{
  ORDER,
  N_SIGNALS,
};

static unsigned signals[N_SIGNALS];

static void
availability_free (gpointer data)
{
  MusterAvailability *self = data;

  g_free (self->item_id);
  g_free (self->product_id);
  g_free (self);
}

GPtrArray *
muster_availability_list (JsonObject *answer)
{
  GPtrArray *list = g_ptr_array_new_with_free_func (availability_free);
  JsonArray *rows = muster_api_json_get_array (answer, "items");

  for (unsigned i = 0; rows != NULL && i < json_array_get_length (rows); i++)
    {
      JsonObject         *row = muster_api_json_as_object (json_array_get_element (rows, i));
      MusterAvailability *line;

      if (row == NULL)
        continue;
      line = g_new0 (MusterAvailability, 1);
      line->item_id = g_strdup (muster_api_json_get_string (row, "order_item_id"));
      line->product_id = g_strdup (muster_api_json_get_string (row, "product_id"));
      line->wanted = muster_api_json_get_integer (row, "wanted", 0);
      line->available = muster_api_json_get_integer (row, "available", 0);
      g_ptr_array_add (list, line);
    }
  return list;
}

const MusterAvailability *
muster_availability_find (GPtrArray *list, const char *item_id)
{
  for (unsigned i = 0; list != NULL && i < list->len; i++)
    if (g_strcmp0 (((MusterAvailability *)list->pdata[i])->item_id, item_id) == 0)
      return list->pdata[i];
  return NULL;
}

static void
muster_shortage_view_close_cb (MusterShortageView *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

static void
muster_shortage_view_order_cb (MusterShortageView *self)
{
  g_autoptr (GPtrArray) short_of = g_ptr_array_new ();

  for (unsigned i = 0; i < self->list->len; i++)
    {
      MusterAvailability *line = self->list->pdata[i];

      if (line->available < line->wanted)
        g_ptr_array_add (short_of, line);
    }
  g_signal_emit (self, signals[ORDER], 0, short_of);
}

static void
muster_shortage_view_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), MUSTER_TYPE_SHORTAGE_VIEW);
  g_clear_pointer (&MUSTER_SHORTAGE_VIEW (object)->list, g_ptr_array_unref);
  G_OBJECT_CLASS (muster_shortage_view_parent_class)->dispose (object);
}

static void
muster_shortage_view_class_init (MusterShortageViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = muster_shortage_view_dispose;
  signals[ORDER] = g_signal_new ("order", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 1, G_TYPE_PTR_ARRAY);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/muster/Muster/shortage-view.ui");
  gtk_widget_class_bind_template_child (widget_class, MusterShortageView, title);
  gtk_widget_class_bind_template_child (widget_class, MusterShortageView, rows);
  gtk_widget_class_bind_template_child (widget_class, MusterShortageView, order_missing);
  gtk_widget_class_bind_template_callback (widget_class, muster_shortage_view_close_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_shortage_view_order_cb);
}

static void
muster_shortage_view_init (MusterShortageView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static const char *
get_line_name (MusterSession *session, const MusterAvailability *line, GPtrArray *items)
{
  const char *name = NULL;

  for (unsigned i = 0; i < items->len && name == NULL; i++)
    if (g_strcmp0 (muster_entity_get_id (items->pdata[i]), line->item_id) == 0)
      name = muster_entity_get_string (items->pdata[i], "description");
  if (name == NULL && line->product_id != NULL)
    name =
      muster_references_get_name (muster_references_get (session), "product", line->product_id);
  return name != NULL ? name : _ ("A line");
}

void
muster_shortage_view_set (MusterShortageView *self,
                          MusterSession      *session,
                          GPtrArray          *list,
                          GPtrArray          *items)
{
  unsigned         n_short = 0;
  gboolean         can_order = FALSE;
  g_autofree char *title = NULL;

  g_return_if_fail (MUSTER_IS_SHORTAGE_VIEW (self));

  muster_list_clear (self->rows);
  g_clear_pointer (&self->list, g_ptr_array_unref);
  self->list = list != NULL ? g_ptr_array_ref (list) : NULL;
  for (unsigned i = 0; list != NULL && i < list->len; i++)
    {
      const MusterAvailability *line = list->pdata[i];
      g_autofree char          *text = NULL;

      if (line->available >= line->wanted)
        continue;
      n_short++;
      can_order = can_order || line->product_id != NULL;
      text = g_strdup_printf (_ ("%" PRId64 " wanted, %" PRId64 " available: %" PRId64 " short"),
                              line->wanted, line->available, line->wanted - line->available);
      gtk_list_box_append (self->rows, g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE,
                                                     "title", get_line_name (session, line, items),
                                                     "subtitle", text, NULL));
    }
  title = g_strdup_printf (ngettext ("%u Line Is Short", "%u Lines Are Short", n_short), n_short);
  gtk_label_set_label (self->title, title);
  gtk_widget_set_visible (self->order_missing,
                          can_order && muster_session_may (session, "createOrder"));
  gtk_widget_set_visible (GTK_WIDGET (self), n_short > 0);
  if (n_short > 0)
    gtk_accessible_announce (GTK_ACCESSIBLE (self), title,
                             GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_HIGH);
}
