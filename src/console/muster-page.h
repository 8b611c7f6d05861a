/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-session.h"

G_BEGIN_DECLS

/**
 * MusterPage:
 *
 * A page of a room: knows the session, can be refreshed (F5) and searched (Ctrl+F), opens
 * others on top of itself, and may take what is scanned while it is in front.
 * Ctrl+N, Ctrl+I, Ctrl+E and Ctrl+P do its actions `page.new`, `page.import`, `page.export` and
 * `page.print`, if it has them.
 */
#define MUSTER_TYPE_PAGE (muster_page_get_type ())
G_DECLARE_DERIVABLE_TYPE (MusterPage, muster_page, MUSTER, PAGE, AdwNavigationPage)

struct _MusterPageClass
{
  AdwNavigationPageClass parent_class;

  void (*refresh) (MusterPage *self);
  void (*search) (MusterPage *self);
  /* All rooms show another moment: muster_session_get_as_of(). NULL: it is refreshed. Called for a
   * page that is not seen when it is. */
  void (*moment_changed) (MusterPage *self);
  /* What it shows is of now, whatever moment the other rooms show. */
  gboolean has_no_past;
  /* The person at this console, or what that one may do, has changed: muster_session_may() is asked
   * again. */
  void (*rights_changed) (MusterPage *self);
  /* Shows in its list what FILTERS (field, value … NULL) let through; the field "view" chooses
   * among lists. */
  void (*list) (MusterPage *self, const char *const *filters);
  /* CODE was scanned while this page is in front. TRUE: the page has used it; FALSE: the window
   * opens what it stands for. */
  gboolean (*scan) (MusterPage *self, const char *code);
};

MusterSession   *muster_page_get_session (MusterPage *self);
MusterApiClient *muster_page_get_client (MusterPage *self);

gboolean muster_page_can_refresh (MusterPage *self);
void     muster_page_refresh (MusterPage *self);
gboolean muster_page_can_search (MusterPage *self);
void     muster_page_search (MusterPage *self);

/* Whether it can show how something was. */
gboolean muster_page_has_past (MusterPage *self);
/* Has its list show what FILTERS (field, value … NULL) let through; nothing without a list. */
void muster_page_list (MusterPage *self, const char *const *filters);

/* Whether the person at this console may do OPERATION: muster_session_may(). */
gboolean muster_page_may (MusterPage *self, const char *operation);
/* Offers it CODE, which was scanned; whether it has used it. */
gboolean muster_page_scan (MusterPage *self, const char *code);

/* Shows PAGE (taken if floating) on top of this one. */
void muster_page_push (MusterPage *self, MusterPage *page);
/* Goes back from this page, where it is the one that is seen. */
void muster_page_leave (MusterPage *self);
/* Whether it is not disposed of: asked after waiting for something. One that was left lives on for
 * as long as somebody waits for it. */
gboolean muster_page_is_alive (MusterPage *self);
/* Whether it still stands in a window, on top or below others. */
gboolean muster_page_is_shown (MusterPage *self);
/* Where the page was left meanwhile, tells ERROR as a message, under the page's title. FALSE: it is
 * there, and is to show it. */
gboolean muster_page_tell_missed (MusterPage *self, const GError *error);
/* Runs FIBER with SELF as its data, referenced until it ends. While it runs, it is not begun again
 * but run once more afterwards: what was asked for later is not overtaken. */
void muster_page_run (MusterPage *self, DexFiberFunc fiber);

G_END_DECLS
