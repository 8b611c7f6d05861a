/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stddef.h>
#include <stdint.h>

#include "ota/muster-rsql.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* A field is called what it holds. */
static char **
get_name (const char *field, gpointer user_data)
{
  return *field == 'x' ? NULL : muster_rsql_take_value (g_strdup (field));
}

/* The filter of a list of the Management API. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *text = g_strndup ((const char *)data, size);
  g_autoptr (MusterRsql) filter = muster_rsql_parse (text, NULL);

  if (filter != NULL)
    muster_rsql_matches (filter, get_name, NULL);
  return 0;
}
