/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "model/muster-order-item.h"

G_BEGIN_DECLS

/* A line as it is being written. */
typedef struct
{
  MusterOrderLineKind kind;
  char               *id;          /* (owned) (nullable) of a line that is there already */
  MusterEntity       *product;     /* (owned) (nullable) a MusterProduct */
  char               *product_id;  /* (owned) (nullable) */
  char               *device_id;   /* (owned) (nullable) the very unit */
  char               *description; /* (owned) (nullable) */
  gint64              quantity;    /* at least 1 */
  gint64              unit_price;  /* as of muster-money.h; of a charge, its amount */
  gboolean            has_rate;    /* a charge that is a part of the items */
  int                 rate;        /* hundredths of a percent */
  gint64              subtotal;    /* muster_order_draft_sum() sets it */
} MusterDraftLine;

/* The sums of an order. */
typedef struct
{
  gint64 items;
  gint64 discount; /* zero or less */
  gint64 tax;
  gint64 shipping;
  gint64 total;
} MusterDraftTotals;

/**
 * MusterOrderDraft:
 *
 * The lines of an order while somebody writes them, and what they come to: the same arithmetic as
 * the daemon's, so that what is shown while typing is what will be asked for.
 */
typedef struct _MusterOrderDraft MusterOrderDraft;

MusterOrderDraft *muster_order_draft_new (const char *currency);
void              muster_order_draft_free (MusterOrderDraft *self);

const char *muster_order_draft_get_currency (MusterOrderDraft *self);
void        muster_order_draft_set_currency (MusterOrderDraft *self, const char *currency);

unsigned         muster_order_draft_get_length (MusterOrderDraft *self);
MusterDraftLine *muster_order_draft_get (MusterOrderDraft *self, unsigned index); /* borrowed */
/* A new line at the end, of quantity 1 and no price: borrowed. */
MusterDraftLine *muster_order_draft_add (MusterOrderDraft *self, MusterOrderLineKind kind);
void             muster_order_draft_remove (MusterOrderDraft *self, MusterDraftLine *line);
/* Where LINE stands, or -1. */
int muster_order_draft_find (MusterOrderDraft *self, MusterDraftLine *line);
/* Sets PRODUCT (nullable) of LINE, with its name and price. */
void muster_draft_line_set_product (MusterDraftLine *line, MusterEntity *product);
/* The line that asks for more of PRODUCT, rather than for a very unit, or NULL. */
MusterDraftLine *muster_order_draft_find_product (MusterOrderDraft *self, const char *product_id);
/* Puts PRODUCT, as it is now, in place of what the lines know of it. */
void muster_order_draft_refresh_product (MusterOrderDraft *self, MusterEntity *product);
/* How many of PRODUCT all lines ask for together. */
gint64 muster_order_draft_count_product (MusterOrderDraft *self, const char *product_id);

/* Reckons every line and TOTALS. A rate of a discount is taken off the items; a tax is on items,
 * discounts and shipping. FALSE: a sum exceeds what money can be; FAILED (nullable) gets the line.
 */
gboolean muster_order_draft_sum (MusterOrderDraft  *self,
                                 MusterDraftTotals *totals,
                                 MusterDraftLine  **failed);
/* The lines as the API takes them: (transfer full). Those without anything in them are left out. */
JsonArray *muster_order_draft_to_json (MusterOrderDraft *self);
/* Which line is the INDEXth that muster_order_draft_to_json() writes, or NULL. */
MusterDraftLine *muster_order_draft_get_written (MusterOrderDraft *self, unsigned index);
/* The draft as text that muster_order_draft_restore() reads: (transfer full). */
char    *muster_order_draft_save (MusterOrderDraft *self);
gboolean muster_order_draft_restore (MusterOrderDraft *self, JsonArray *lines);
/* Takes over the lines of an order (element-type MusterOrderItem). */
void muster_order_draft_take_items (MusterOrderDraft *self, GPtrArray *items);

/* What is typed where a product is asked for: "3 x pump", "pump ×3", "4006381333931". QUANTITY is 1
 * where none is said. (transfer full) what to look for. */
char *muster_line_entry_parse (const char *text, gint64 *quantity);

/* What a charge is, as typed: "19 %" sets RATE (hundredths of a percent) and returns 2, "12.50"
 * sets AMOUNT and returns 1, anything else returns 0. A comma is a point. */
int muster_charge_parse (const char *text, gint64 *amount, int *rate);
/* The opposite: (transfer full). */
char *muster_rate_format (int rate);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterOrderDraft, muster_order_draft_free)

G_END_DECLS
