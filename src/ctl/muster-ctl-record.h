/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-ctl.h"

G_BEGIN_DECLS

/* One line a field that has a value, named as on the screen. */
void muster_ctl_print_record (MusterCtl *self, MusterEntity *entity);
/* A field's value for a cell: times as ages. (transfer full) (nullable) */
char *muster_ctl_format_field (MusterEntity *entity, const char *field);
/* A table of PAGE's entities with the FIELDS (NULL-terminated) that COLUMNS name; prints it, or
 * EMPTY. */
void muster_ctl_print_page (MusterCtl             *self,
                            GPtrArray             *entities,
                            const MusterCtlColumn *columns,
                            const char *const     *fields,
                            const char            *empty);
/* {"items":[…]} of the rows of PAGES' JSON, as one list: prints it. */
void muster_ctl_print_pages_json (GPtrArray *pages);
/* The JSON member of a change, read from `field=value` by the entity's table; adds it to CHANGES.
 */
gboolean muster_ctl_add_change (const MusterEntityInfo *info,
                                const char             *pair,
                                JsonObject             *changes,
                                GError                **error);

/* name, value, name, value … of the arguments `name=value`: (transfer full), NULL with a usage
 * error.
 */
char **muster_ctl_read_filters (char **args, GError **error);

G_END_DECLS
