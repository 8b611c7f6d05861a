/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The icon of a device of this KIND (nick of muster_device_kind_enum, may be NULL): a static
 * string. */
const char *muster_kind_get_icon_name (const char *kind);

G_END_DECLS
