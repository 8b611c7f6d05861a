/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-session.h"

G_BEGIN_DECLS

/**
 * MusterPage:
 *
 * A page of a room: knows the session, can be refreshed (F5) and searched (Ctrl+F), and opens
 * others on top of itself.
 */
#define MUSTER_TYPE_PAGE (muster_page_get_type ())
G_DECLARE_DERIVABLE_TYPE (MusterPage, muster_page, MUSTER, PAGE, AdwNavigationPage)

struct _MusterPageClass
{
  AdwNavigationPageClass parent_class;

  void (*refresh) (MusterPage *self);
  void (*search) (MusterPage *self);
};

MusterSession   *muster_page_get_session (MusterPage *self);
MusterApiClient *muster_page_get_client (MusterPage *self);

gboolean muster_page_can_refresh (MusterPage *self);
void     muster_page_refresh (MusterPage *self);
gboolean muster_page_can_search (MusterPage *self);
void     muster_page_search (MusterPage *self);

/* Shows PAGE (taken if floating) on top of this one. */
void muster_page_push (MusterPage *self, MusterPage *page);
/* Whether it still stands in a window: asked after waiting for something. */
gboolean muster_page_is_alive (MusterPage *self);
/* Runs FIBER with SELF as its data, referenced until it ends. */
void muster_page_run (MusterPage *self, DexFiberFunc fiber);

G_END_DECLS
