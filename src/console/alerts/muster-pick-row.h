/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>
#include <json-glib/json-glib.h>

#include "muster-session.h"

G_BEGIN_DECLS

/**
 * MusterPickRow:
 *
 * A row of a form for any number of records of one kind, ticked in a list. For kinds of which a
 * site has few: channels, people.
 *
 * Signal `changed`.
 */
#define MUSTER_TYPE_PICK_ROW (muster_pick_row_get_type ())
G_DECLARE_FINAL_TYPE (MusterPickRow, muster_pick_row, MUSTER, PICK_ROW, AdwActionRow)

GtkWidget *muster_pick_row_new (MusterSession          *session,
                                const MusterEntityInfo *info,
                                const char             *title);

/* Ids as JSON strings (nullable). */
void muster_pick_row_set_ids (MusterPickRow *self, JsonArray *ids);
/* (transfer full); may be empty. */
JsonArray *muster_pick_row_get_ids (MusterPickRow *self);

G_END_DECLS
