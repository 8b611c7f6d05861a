/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

#include "model/muster-entity.h"

G_BEGIN_DECLS

/* Makes the object of one row: (transfer full), or NULL with an error. */
typedef GObject *(*MusterApiRowFunc) (JsonObject *row, gconstpointer data, GError **error);

/**
 * MusterApiPage:
 *
 * One page of a list, a [iface@Gio.ListModel] of its rows ([class@Muster.Entity] unless the call
 * says otherwise). Immutable.
 */
#define MUSTER_TYPE_API_PAGE (muster_api_page_get_type ())
G_DECLARE_FINAL_TYPE (MusterApiPage, muster_api_page, MUSTER, API_PAGE, GObject)

/* From `{"items":[…],"total":N,"next":…}`; `total` and `next` may be missing. */
MusterApiPage *muster_api_page_new_from_json (JsonObject      *object,
                                              GType            item_type,
                                              MusterApiRowFunc make_row,
                                              gconstpointer    data,
                                              GError         **error);

unsigned    muster_api_page_get_length (MusterApiPage *self);
gpointer    muster_api_page_get (MusterApiPage *self, unsigned index); /* borrowed */
GPtrArray  *muster_api_page_get_items (MusterApiPage *self);           /* borrowed */
gint64      muster_api_page_get_total (MusterApiPage *self);           /* matches in all, or -1 */
const char *muster_api_page_get_next (MusterApiPage *self); /* cursor of the next page, or NULL */
JsonObject *muster_api_page_get_json (MusterApiPage *self); /* as it came: borrowed, read only */

/* What a list call asks for; zeroed, it asks for the first 100. */
typedef struct
{
  const char        *q;       /* full text (nullable) */
  const char        *sort;    /* "-created_at,name" (nullable) */
  unsigned           limit;   /* 1 to 1000; 0: the daemon's 100 */
  const char        *cursor;  /* of the page before (nullable) */
  const char *const *filters; /* field, value, field, value … NULL (nullable) */
} MusterApiListQuery;

G_END_DECLS
