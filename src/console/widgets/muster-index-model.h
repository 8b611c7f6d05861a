/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <libdex.h>

#include "client/muster-api-page.h"
#include "muster-index-item.h"

G_BEGIN_DECLS

/* Where an index model gets its records from. Every function returns (transfer full) a future. */
typedef struct
{
  /* The first LIMIT records: resolves to a MusterApiPage. */
  DexFuture *(*list) (gpointer user_data, const MusterApiListQuery *query);
  /* Every id in order: resolves to a GStrv (G_TYPE_STRV). */
  DexFuture *(*list_ids) (gpointer user_data, const MusterApiListQuery *query);
  /* The records of IDS in no order: resolves to a MusterApiPage. */
  DexFuture *(*load) (gpointer user_data, const char *const *ids);
} MusterIndexSource;

/**
 * MusterIndexModel:
 *
 * A list of any length over the API: knows the id of every row and fetches contents when rows are
 * looked at, in pages of 64, keeping those used last. A new query changes the list where it differs
 * and nowhere else. A list model of [class@Muster.IndexItem]. Signal `changed`: state, count or
 * error may be others.
 */
#define MUSTER_TYPE_INDEX_MODEL (muster_index_model_get_type ())
G_DECLARE_FINAL_TYPE (MusterIndexModel, muster_index_model, MUSTER, INDEX_MODEL, GObject)

#define MUSTER_INDEX_PAGE 64

MusterIndexModel *muster_index_model_new (const MusterIndexSource *source,
                                          gpointer                 user_data,
                                          GDestroyNotify           destroy);

/* Asks for other rows; strings are copied. Without a change it asks again for the same. */
void muster_index_model_set_query (MusterIndexModel  *self,
                                   const char        *text,
                                   const char        *sort,
                                   const char *const *filters);
/* Asks again, soon, however often this is called meanwhile. */
void muster_index_model_requery (MusterIndexModel *self);
/* The record ID changed: fetched again where somebody looks at it. */
/* Nothing that is known holds any more, as of another moment: before the next query, which fetches
 * what is shown anew. */
void muster_index_model_forget (MusterIndexModel *self);
void muster_index_model_invalidate (MusterIndexModel *self, const char *id);
/* The item of ID if somebody holds it, else NULL: borrowed. */
MusterIndexItem *muster_index_model_find (MusterIndexModel *self, const char *id);

/* Whether every id is known: before, the first rows may be there already. */
gboolean      muster_index_model_is_complete (MusterIndexModel *self);
const GError *muster_index_model_get_error (
  MusterIndexModel *self); /* (nullable) of the last query */
const char *muster_index_model_get_id (MusterIndexModel *self, unsigned position);

G_END_DECLS
