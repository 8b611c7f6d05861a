/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>
#include <json-glib/json-glib.h>

#include "muster-session.h"

G_BEGIN_DECLS

/* One setting of the site's service as a row that stores it:
 * {"key","value","type","unit","label","doc","overridden","needs_restart"}. */
GtkWidget *muster_setting_row_new (MusterSession *session, JsonObject *setting);

G_END_DECLS
