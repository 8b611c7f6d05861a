/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-wall-page"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-deck-fill.h"
#include "muster-wall-page.h"

#define MOST_CHARTS_A_SCREEN 3

struct _MusterWallPage
{
  AdwBin parent_instance;

  MusterSession   *session; /* (owned) */
  char            *title;   /* (owned) */
  MusterChartView *view;    /* (owned) */
  GListStore      *sources; /* (owned) (element-type MusterSource) loaded */
  DexFuture       *loading; /* (owned) (nullable) */
  unsigned         screen;
  unsigned         fitting; /* charts a screen, for what it was counted: */
  unsigned         n_counted;
  int              width, height;

  /* Children */
  MusterChartDeck *deck;
  GtkWidget       *trouble;
};

G_DEFINE_FINAL_TYPE (MusterWallPage, muster_wall_page, ADW_TYPE_BIN)

enum
{
  EMPTY,
  N_SIGNALS,
};

static unsigned signals[N_SIGNALS];

/* TEXT (nullable) stands in the place of the charts. */
static void
show_trouble (MusterWallPage *self, const char *text)
{
  gtk_label_set_label (GTK_LABEL (self->trouble), text != NULL ? text : "");
  gtk_widget_set_visible (self->trouble, text != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->deck), text == NULL);
}

static DexFuture *
muster_wall_page_loaded_cb (DexFuture *future, gpointer user_data)
{
  MusterWallPage *self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean loaded = dex_future_get_value (future, &error) != NULL;

  if (loaded && muster_deck_fill (self->deck, G_LIST_MODEL (self->sources), muster_chart_view_wants,
                                  self->view))
    {
      show_trouble (self, NULL);
      muster_wall_page_show_screen (self, self->screen);
      return dex_future_new_true ();
    }
  show_trouble (self, loaded ? _ ("Nothing to Show") : error->message);
  if (loaded)
    g_signal_emit (self, signals[EMPTY], 0);
  return dex_future_new_true ();
}

static void
load (MusterWallPage *self)
{
  g_autoptr (GPtrArray) futures = g_ptr_array_new_with_free_func (dex_unref);

  g_list_store_remove_all (self->sources);
  for (unsigned i = 0; self->view->sources[i] != NULL; i++)
    {
      g_autoptr (MusterSource) source = muster_source_new_from_key (self->view->sources[i]);

      if (source == NULL)
        continue;
      g_list_store_append (self->sources, source);
      g_ptr_array_add (futures, muster_source_load (source, self->session));
    }
  dex_clear (&self->loading);
  self->loading =
    dex_future_finally (futures->len > 0
                          ? dex_future_allv ((DexFuture *const *)futures->pdata, futures->len)
                          : dex_future_new_true (),
                        muster_wall_page_loaded_cb, self, NULL);
}

static void
muster_wall_page_remake_cb (MusterWallPage *self)
{
  muster_chart_deck_clear (self->deck);
}

static void
muster_wall_page_dispose (GObject *object)
{
  MusterWallPage *self = MUSTER_WALL_PAGE (object);

  dex_clear (&self->loading);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (muster_wall_page_parent_class)->dispose (object);
}

static void
muster_wall_page_finalize (GObject *object)
{
  MusterWallPage *self = MUSTER_WALL_PAGE (object);

  g_free (self->title);
  g_object_unref (self->sources);
  g_clear_pointer (&self->view, muster_chart_view_free);
  G_OBJECT_CLASS (muster_wall_page_parent_class)->finalize (object);
}

static void
muster_wall_page_class_init (MusterWallPageClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = muster_wall_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = muster_wall_page_finalize;
  signals[EMPTY] = g_signal_new ("empty", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 0);
}

static void
muster_wall_page_init (MusterWallPage *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  self->sources = g_list_store_new (MUSTER_TYPE_SOURCE);
  self->deck = g_object_new (MUSTER_TYPE_CHART_DECK, "vexpand", TRUE, NULL);
  muster_chart_deck_put_on_wall (self->deck);
  self->trouble = gtk_label_new (NULL);
  gtk_label_set_wrap (GTK_LABEL (self->trouble), TRUE);
  gtk_widget_add_css_class (self->trouble, "wall-name");
  gtk_widget_add_css_class (self->trouble, "dim-label");
  gtk_widget_set_visible (self->trouble, FALSE);
  gtk_widget_set_vexpand (self->trouble, TRUE);
  gtk_box_append (GTK_BOX (box), self->trouble);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->deck));
  /* Should even one be too high: what is above and below it stays where it is. */
  adw_bin_set_child (ADW_BIN (self),
                     g_object_new (GTK_TYPE_SCROLLED_WINDOW, "hscrollbar-policy", GTK_POLICY_NEVER,
                                   "vscrollbar-policy", GTK_POLICY_EXTERNAL, "child", box, NULL));
  g_signal_connect_object (self->deck, "remake", G_CALLBACK (muster_wall_page_remake_cb), self,
                           G_CONNECT_SWAPPED);
}

GtkWidget *
muster_wall_page_new (MusterSession *session, const char *title, MusterChartView *view)
{
  MusterWallPage *self = g_object_new (MUSTER_TYPE_WALL_PAGE, NULL);

  self->session = g_object_ref (session);
  self->title = g_strdup (title);
  self->view = view;
  /* What hangs on a wall is of now. */
  self->view->from = self->view->to = 0;
  muster_chart_deck_open (self->deck, session);
  muster_chart_view_apply (view, self->deck);
  load (self);
  return GTK_WIDGET (self);
}

const char *
muster_wall_page_get_title (MusterWallPage *self)
{
  g_return_val_if_fail (MUSTER_IS_WALL_PAGE (self), NULL);

  return self->title;
}

/* So many charts that none is cut off: states of many devices take more room than a curve. */
static unsigned
count_fitting (MusterWallPage *self)
{
  unsigned n_charts = muster_chart_deck_count_charts (self->deck);
  int      width = gtk_widget_get_width (GTK_WIDGET (self));
  int      height = gtk_widget_get_height (GTK_WIDGET (self));

  if (height == 0)
    return MOST_CHARTS_A_SCREEN;
  if (self->n_counted != n_charts || self->width != width || self->height != height)
    {
      self->fitting =
        MIN (MOST_CHARTS_A_SCREEN, muster_chart_deck_count_fitting (self->deck, width, height));
      self->n_counted = n_charts;
      self->width = width;
      self->height = height;
    }
  return self->fitting;
}

unsigned
muster_wall_page_count_screens (MusterWallPage *self)
{
  unsigned n_charts, fitting;

  g_return_val_if_fail (MUSTER_IS_WALL_PAGE (self), 1);

  n_charts = muster_chart_deck_count_charts (self->deck);
  fitting = count_fitting (self);
  return MAX (1, (n_charts + fitting - 1) / fitting);
}

void
muster_wall_page_show_screen (MusterWallPage *self, unsigned screen)
{
  unsigned n_charts, fitting, first;

  g_return_if_fail (MUSTER_IS_WALL_PAGE (self));

  self->screen = screen;
  n_charts = muster_chart_deck_count_charts (self->deck);
  fitting = count_fitting (self);
  first = screen * fitting;
  /* The last screen is as full as the others. */
  if (n_charts > fitting && first + fitting > n_charts)
    first = n_charts - fitting;
  muster_chart_deck_show_charts (self->deck, first, fitting);
}
