/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-order-draft.h"
#include "muster-order-editor-line.h"
#include "muster-order-editor.h"
#include "muster-order-sources.h"
#include "muster-totals-view.h"
#include "widgets/muster-date-row.h"
#include "widgets/muster-text-row.h"

G_BEGIN_DECLS

struct _MusterOrderEditor
{
  MusterPage parent_instance;

  MusterOrderKind   kind;
  MusterEntity     *order;       /* (owned) (nullable) that is changed; NULL: a new one */
  MusterOrderDraft *draft;       /* (owned) */
  char             *customer_id; /* (owned) (nullable) */
  DexFuture        *saving;      /* (owned) (nullable) */
  GHashTable       *awaited;     /* (owned) product id → quantity to add once it has been read */
  gboolean          confirms;    /* what is saved is confirmed too */
  gboolean          done;        /* saved: nothing to keep */
  gboolean          own;         /* a customer writes an order of their own */
  gboolean          filling;

  MusterSuggest *suggest_product; /* of the entries */
  MusterSuggest *suggest_customer;
  MusterDateRow *due;
  MusterTextRow *address;
  MusterTextRow *notes;

  /* Template children */
  AdwBanner           *banner;
  AdwBanner           *restored;
  GtkLabel            *total;
  GtkWidget           *confirm;
  AdwPreferencesGroup *customer_group;
  AdwEntryRow         *customer;
  AdwEntryRow         *email;
  AdwEntryRow         *reference;
  AdwPreferencesGroup *lines_group;
  GtkListBox          *lines;
  GtkWidget           *adding;
  GtkWidget           *add;
  GtkWidget           *charges;
  MusterTotalsView    *totals;
  AdwPreferencesGroup *details;
};

MusterSession *muster_order_editor_get_session (MusterOrderEditor *self);
/* What stands in ROW; NULL: nothing. */
const char            *muster_order_editor_get_text (AdwEntryRow *row);
gboolean               muster_order_editor_can_change_lines (MusterOrderEditor *self);
MusterOrderEditorLine *muster_order_editor_find_row (MusterOrderEditor *self,
                                                     MusterDraftLine   *line);
void                   muster_order_editor_update_actions (MusterOrderEditor *self);

/* Under which a draft is kept; NULL: it is not. */
char *muster_order_editor_dup_draft_key (MusterOrderEditor *self);
void  muster_order_editor_keep_draft (MusterOrderEditor *self);
/* Saving, and saving and confirming. */
void muster_order_editor_install_actions (GtkWidgetClass *widget_class);

G_END_DECLS
