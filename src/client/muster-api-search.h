/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "muster-api-client.h"

G_BEGIN_DECLS

/**
 * MusterApiHit:
 *
 * One record that a search found. Immutable.
 */
#define MUSTER_TYPE_API_HIT (muster_api_hit_get_type ())
G_DECLARE_FINAL_TYPE (MusterApiHit, muster_api_hit, MUSTER, API_HIT, GObject)

/* OBJECT: one of `items` of a group. MORE: the daemon knows others of that kind. */
MusterApiHit *muster_api_hit_new_from_json (JsonObject *object, gboolean more, GError **error);
const char   *muster_api_hit_get_kind (MusterApiHit *self); /* "device": the entity's name */
const char   *muster_api_hit_get_id (MusterApiHit *self);   /* UUID */
const char   *muster_api_hit_get_title (MusterApiHit *self);
const char   *muster_api_hit_get_subtitle (MusterApiHit *self); /* (nullable) */
const char   *muster_api_hit_get_status (MusterApiHit *self);   /* nick (nullable) */
const char   *muster_api_hit_get_field (MusterApiHit *self);    /* where it was found */
const char   *muster_api_hit_get_value (MusterApiHit *self);    /* what stands there (nullable) */
const char   *muster_api_hit_get_rank (MusterApiHit *self); /* "exact", "prefix", "word", "part" */
/* Whether there are more records of this kind than were asked for. */
gboolean muster_api_hit_has_more (MusterApiHit *self);

/* Looks for TEXT among all records, or those of KINDS ("device,order"; nullable), at most LIMIT (0:
 * 8) of each. Resolves to a GListModel of MusterApiHit: those of one kind together, the kind with
 * the best one first. */
DexFuture *muster_api_search (MusterApiClient *client,
                              const char      *text,
                              unsigned         limit,
                              const char      *kinds);

G_END_DECLS
