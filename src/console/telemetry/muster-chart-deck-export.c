/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-chart-deck-export"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-chart-csv.h"
#include "muster-chart-deck-private.h"
#include "muster-chart-print.h"
#include "muster-chart-table.h"
#include "muster-sample-export.h"
#include "print/muster-print-dialog.h"
#include "widgets/muster-save-file.h"

#define PICTURE_SCALE 2 /* pixels of a picture a pixel of the screen */

/* (transfer full) (element-type MusterSeries): what is not hidden, chart by chart. */
static GListModel *
list_shown (MusterChartDeck *self)
{
  GListStore *shown = g_list_store_new (MUSTER_TYPE_SERIES);

  for (GtkWidget *chart = gtk_widget_get_first_child (self->charts); chart != NULL;
       chart = gtk_widget_get_next_sibling (chart))
    {
      GListModel *model = muster_chart_get_series (MUSTER_CHART (chart));

      for (unsigned i = 0; i < g_list_model_get_n_items (model); i++)
        {
          g_autoptr (MusterSeries) series = g_list_model_get_item (model, i);

          if (muster_chart_is_series_visible (MUSTER_CHART (chart), series))
            g_list_store_append (shown, series);
        }
    }
  return G_LIST_MODEL (shown);
}

void
muster_chart_deck_show_table (MusterChartDeck *self)
{
  g_autoptr (GListModel) shown = list_shown (self);

  adw_dialog_present (muster_chart_table_new (shown, self->x_axis), GTK_WIDGET (self));
}

/* What the charts stand on: dark where their words are light. */
static GdkRGBA
get_background (MusterChartDeck *self)
{
  GdkRGBA words;

  gtk_widget_get_color (GTK_WIDGET (self), &words);
  return words.red + words.green + words.blue > 1.5 ? (GdkRGBA){ 0.12, 0.12, 0.14, 1 }
                                                    : (GdkRGBA){ 1, 1, 1, 1 };
}

/* (transfer full) (nullable): as it stands on the screen. */
static GskRenderNode *
snapshot_widget (GtkWidget *widget, double scale, double *width, double *height)
{
  g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (widget);
  g_autoptr (GtkSnapshot) snapshot = gtk_snapshot_new ();

  *width = gdk_paintable_get_intrinsic_width (paintable);
  *height = gdk_paintable_get_intrinsic_height (paintable);
  gdk_paintable_snapshot (paintable, snapshot, *width * scale, *height * scale);
  return gtk_snapshot_free_to_node (g_steal_pointer (&snapshot));
}

static MusterChartPrint *
create_print (MusterChartDeck *self)
{
  g_autofree char *from = muster_axis_format (self->x_axis, muster_axis_get_lower (self->x_axis));
  g_autofree char *to = muster_axis_format (self->x_axis, muster_axis_get_upper (self->x_axis));
  g_autofree char *time =
    g_strdup_printf (_ ("%s, %s to %s"), muster_session_get_site_name (self->session), from, to);
  MusterChartPrint *print = muster_chart_print_new (_ ("Charts"), time);

  for (GtkWidget *chart = gtk_widget_get_first_child (self->charts); chart != NULL;
       chart = gtk_widget_get_next_sibling (chart))
    {
      GskRenderNode *node = muster_chart_draw_on_paper (MUSTER_CHART (chart));

      if (node == NULL)
        continue;
      muster_chart_print_add (print, node, gtk_widget_get_width (chart),
                              gtk_widget_get_height (chart));
      gsk_render_node_unref (node);
    }
  return print;
}

static GBytes *
make_picture (MusterChartDeck *self)
{
  GtkNative   *native = gtk_widget_get_native (GTK_WIDGET (self));
  GdkRGBA      background = get_background (self);
  double       width, height;
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  g_autoptr (GdkTexture) texture = NULL;
  GskRenderNode *content = snapshot_widget (self->charts, PICTURE_SCALE, &width, &height);
  GskRenderNode *node;

  gtk_snapshot_append_color (snapshot, &background,
                             &GRAPHENE_RECT_INIT (0, 0, width * PICTURE_SCALE,
                                                  height * PICTURE_SCALE));
  if (content != NULL)
    gtk_snapshot_append_node (snapshot, content);
  node = gtk_snapshot_free_to_node (snapshot);
  texture = gsk_renderer_render_texture (gtk_native_get_renderer (native), node,
                                         &GRAPHENE_RECT_INIT (0, 0, width * PICTURE_SCALE,
                                                              height * PICTURE_SCALE));
  gsk_render_node_unref (node);
  g_clear_pointer (&content, gsk_render_node_unref);
  return gdk_texture_save_to_png_bytes (texture);
}

static DexFuture *
give_bytes (MusterApiClient *client, gpointer bytes)
{
  return dex_future_new_take_boxed (G_TYPE_BYTES, g_bytes_ref (bytes));
}

/* Takes BYTES. */
static void
save (MusterChartDeck *self, const char *title, const char *name, GBytes *bytes)
{
  muster_save_file (self->session, GTK_WIDGET (self), title, name, give_bytes, bytes,
                    (GDestroyNotify)g_bytes_unref);
}

void
muster_chart_deck_save (MusterChartDeck *self, const char *format)
{
  if (muster_chart_deck_get_first (self) == NULL)
    return;
  if (g_str_equal (format, "png"))
    save (self, _ ("Save Picture"), _ ("Charts.png"), make_picture (self));
  else if (g_str_equal (format, "svg"))
    {
      g_autoptr (MusterChartPrint) print = create_print (self);

      save (self, _ ("Save Drawing"), _ ("Charts.svg"), muster_chart_print_to_svg (print));
    }
  else
    {
      g_autoptr (GListModel) shown = list_shown (self);
      char *csv = muster_chart_csv_build (shown, muster_axis_get_lower (self->x_axis),
                                          muster_axis_get_upper (self->x_axis));

      save (self, _ ("Save Values"), _ ("Charts.csv"), g_bytes_new_take (csv, strlen (csv)));
    }
}

static void
add_once (GPtrArray *texts, const char *text)
{
  if (!g_ptr_array_find_with_equal_func (texts, text, g_str_equal, NULL))
    g_ptr_array_add (texts, g_strdup (text));
}

/* What counts together is told by its devices. */
void
muster_chart_deck_export (MusterChartDeck *self)
{
  g_autoptr (GPtrArray) devices = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) metrics = g_ptr_array_new_with_free_func (g_free);
  GHashTableIter iter;
  gpointer       device_id;

  for (unsigned i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->tracks)); i++)
    {
      g_autoptr (MusterTrack) track = g_list_model_get_item (G_LIST_MODEL (self->tracks), i);

      add_once (metrics, muster_track_get_metric (track));
    }
  g_hash_table_iter_init (&iter, self->hearings);
  while (g_hash_table_iter_next (&iter, &device_id, NULL))
    add_once (devices, device_id);
  if (metrics->len > 0 && devices->len > 0)
    muster_sample_export_ask (self->session, GTK_WIDGET (self), devices, metrics,
                              muster_axis_get_lower (self->x_axis),
                              muster_axis_get_upper (self->x_axis));
}

void
muster_chart_deck_print (MusterChartDeck *self)
{
  g_autoptr (MusterChartPrint) print = NULL;

  if (muster_chart_deck_get_first (self) == NULL)
    return;
  print = create_print (self);
  adw_dialog_present (muster_print_dialog_new_for (self->session, MUSTER_PRINTABLE (print)),
                      GTK_WIDGET (self));
}
