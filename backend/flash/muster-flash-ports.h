/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The serial ports below FOLDER (/dev), as paths in the order of their names: by what is plugged in
 * where the system names them so (serial/by-id), else by their numbers. (transfer full) (array
 * zero-terminated=1) */
char **muster_flash_ports_list (const char *folder);

G_END_DECLS
