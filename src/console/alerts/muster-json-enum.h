/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "model/muster-field.h"

G_BEGIN_DECLS

/* The value of ENUMERATION that the member NAME names; -1 when it is not there, or none of them. */
int muster_json_get_enum (JsonObject *object, const char *name, const MusterEnum *enumeration);

G_END_DECLS
