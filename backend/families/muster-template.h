/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define MUSTER_TEMPLATE_MAX_TEXT 8192   /* bytes */
#define MUSTER_TEMPLATE_MAX_NODES 500   /* of the parsed text */
#define MUSTER_TEMPLATE_MAX_DEPTH 32    /* of expressions within each other */
#define MUSTER_TEMPLATE_MAX_VALUE 65536 /* bytes of any text that evaluation makes */

/**
 * MusterTemplate:
 *
 * A text with expressions in it, after the part of Jinja that the configurations of home automation
 * use: `{{ value_json.ENERGY.Power | round (1) }}`. Names, members, indices, arithmetic,
 * comparisons, `in`, `is defined`, `~`, `a if c else b`, `{% if %}`, `{% set %}`, and the filters
 * abs, bool, default, first, float, int, is_defined, last, length, lower, replace, round, split,
 * string, tojson, trim, upper, which may be written as functions and methods too. No loops and no
 * way out: what it costs is bounded by its length. Immutable.
 */
typedef struct _MusterTemplate MusterTemplate;

/* The value of NAME: (transfer full); NULL: there is none. */
typedef JsonNode *(*MusterTemplateLookup) (const char *name, gpointer user_data);

/* NULL with MUSTER_ERROR_INVALID, which says where, for what it cannot do. */
MusterTemplate *muster_template_new (const char *text, GError **error);
void            muster_template_free (MusterTemplate *self);

/* Of a template that is one expression: its value as it is; else the text. RESULT (transfer full)
 * is NULL for an undefined value. FALSE with MUSTER_ERROR_INVALID when there is no result, as for
 * text that is no number. */
gboolean muster_template_evaluate (const MusterTemplate *self,
                                   MusterTemplateLookup  lookup,
                                   gpointer              user_data,
                                   JsonNode            **result,
                                   GError              **error);
/* The same as text: (transfer full); "" for an undefined value. */
char *muster_template_render (const MusterTemplate *self,
                              MusterTemplateLookup  lookup,
                              gpointer              user_data,
                              GError              **error);

/* NODE (nullable) as templates write it: (transfer full). */
char *muster_template_value_to_text (JsonNode *node);
/* Whether NODE (nullable) counts as true. */
gboolean muster_template_value_is_true (JsonNode *node);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterTemplate, muster_template_free)

G_END_DECLS
