/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "model/muster-field.h"

G_BEGIN_DECLS

/* A menu of the values NICKS (up to NULL; NULL: all) of ENUMERATION; ACTION is done with the nick
 * of the chosen one. (transfer full) */
GMenuModel *muster_status_menu_new (const MusterEnum  *enumeration,
                                    const char        *action,
                                    const char *const *nicks);

G_END_DECLS
