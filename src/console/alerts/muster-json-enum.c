/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-json-enum"

#include "config.h"

#include "client/muster-api-json.h"
#include "muster-json-enum.h"

int
muster_json_get_enum (JsonObject *object, const char *name, const MusterEnum *enumeration)
{
  const char *nick = muster_api_json_get_string (object, name);

  return nick != NULL ? muster_enum_parse (enumeration, nick) : -1;
}
