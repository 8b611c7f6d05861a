/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "client/muster-api-subscription.h"
#include "muster-column-chooser.h"
#include "muster-records-view.h"
#include "muster-trouble-view.h"

/* Of a button: what it does is done to one record. */
#define MUSTER_RECORDS_VIEW_SINGLE "muster-single"

/* For muster-records-view*.c alone. */

struct _MusterRecordsView
{
  GtkWidget parent_instance;

  MusterSession           *session; /* (owned) */
  const MusterRecordsSpec *spec;
  MusterIndexModel        *model;   /* (owned) */
  MusterColumnChooser     *chooser; /* (owned) */
  MusterApiSubscription   *journal; /* (owned) */
  GMenu                   *menu;    /* (owned) of the button at the end of the bar */
  GtkWidget               *popover; /* menu of a row, a child of `view` */
  DexFuture               *looking; /* (owned) (nullable) whether there are any at all */
  char                    *chosen;  /* (owned) (nullable) id of the row whose menu was opened */
  gboolean                 narrow;

  /* Template children */
  AdwBreakpointBin    *bin;
  GtkBox              *tools;
  GtkEditable         *search;
  GtkWidget           *add;
  GtkToggleButton     *select;
  GtkMenuButton       *saved;
  GtkMenuButton       *more;
  MusterFilterBar     *filters;
  GtkLabel            *count;
  GtkRevealer         *bar;
  GtkLabel            *selected;
  GtkButton           *select_all;
  AdwWrapBox          *actions;
  GtkStack            *stack;
  AdwStatusPage       *empty;
  GtkButton           *empty_add;
  GtkButton           *empty_way;
  MusterTroubleView   *trouble;
  GtkColumnView       *view;
  GtkColumnViewColumn *mark;
};

/* Makes columns, buttons, menus and texts as the spec says. */
void muster_records_view_build (MusterRecordsView *self);
/* Opens the menu of the row at POSITION, pointing AT a place of the view. */
void muster_records_view_open_menu (MusterRecordsView  *self,
                                    unsigned            position,
                                    const GdkRectangle *at);
/* Sorts by SORT, "-created_at". */
void muster_records_view_set_sort (MusterRecordsView *self, const char *sort);
/* The order that the headers ask for, as the API takes it: (transfer full). */
char *muster_records_view_dup_sort (MusterRecordsView *self);
/* In and out of selection mode: then a click marks a row rather than opening it. */
void muster_records_view_select_cb (MusterRecordsView *self);
/* What marks rows, and the keys of the row that has the focus. */
void muster_records_view_install_selection (GtkWidgetClass *klass);
