/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stddef.h>
#include <stdint.h>

#include "core/http/muster-entity-tag.h"
#include "core/http/muster-gzip.h"
#include "core/http/muster-path.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* The text of a request line and of the headers that we read ourselves. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *text = g_strndup ((const char *)data, size);
  g_auto (MusterPath) path = { NULL };
  g_autoptr (GHashTable) params = muster_query_string_parse (text, NULL);

  muster_path_parse (&path, text, NULL);
  muster_entity_tag_parse (text);
  muster_entity_tag_list_has (text, "7", FALSE);
  muster_gzip_is_accepted (text);
  return 0;
}
