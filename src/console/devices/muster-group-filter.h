/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The filter of a group is a query of the device list: `q=cold&status=deployed,reserved`. */

/* TEXT (nullable) and FILTERS (field, nicks … NULL) as such a query: (transfer full), NULL where
 * they let everything through. */
char *muster_group_filter_build (const char *text, const char *const *filters);
/* The other way: both are (transfer full), TEXT is "" without one. FALSE for what is no query. */
gboolean muster_group_filter_parse (const char *filter, char **text, char ***filters);

G_END_DECLS
