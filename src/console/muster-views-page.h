/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-page.h"
#include "widgets/muster-records-view.h"

G_BEGIN_DECLS

/* A view of a page that switches between several. All strings are static. */
typedef struct
{
  const char *name;
  const char *title; /* N_() marked */
  const char *icon_name;
  GtkWidget *(*create) (MusterSession *session); /* called once it is looked at first */
  const char *operation; /* the right without which it is not there, or NULL */
} MusterRoomView;

/**
 * MusterViewsPage:
 *
 * A room of several views: a switcher in its header, or a menu where that has no room. Refreshing,
 * searching, filtering and the actions `page.new`, `page.import` and `page.export` are about the
 * list of the view in front. Property and action `view` (`views.view`): the name of that one.
 */
#define MUSTER_TYPE_VIEWS_PAGE (muster_views_page_get_type ())
G_DECLARE_DERIVABLE_TYPE (MusterViewsPage, muster_views_page, MUSTER, VIEWS_PAGE, MusterPage)

struct _MusterViewsPageClass
{
  MusterPageClass parent_class;

  const MusterRoomView
             *views;      /* up to a NULL name; filters that name no view are about the first */
  const char *tag;        /* of the navigation page */
  int         menu_below; /* sp: at this width and less there is a menu */
  /* What `page.new`, `page.import` and `page.export` (NAME) do. */
  void (*do_list_action) (MusterViewsPage *self, const char *name);
};

/* Brings the view NAME to the front; nothing where there is none. */
void muster_views_page_show_view (MusterViewsPage *self, const char *name);
/* The widget of the view in front: borrowed, NULL where nothing may be seen. */
GtkWidget *muster_views_page_get_view (MusterViewsPage *self);
/* The list in it, or NULL: borrowed. */
MusterRecordsView *muster_views_page_get_records (MusterViewsPage *self);
/* The record ID alone, in the list of the view NAME: for kinds that have no page of their own.
 * LABEL stands on the chip that says so. */
void muster_views_page_show_record (MusterViewsPage *self,
                                    const char      *name,
                                    const char      *id,
                                    const char      *label);

G_END_DECLS
