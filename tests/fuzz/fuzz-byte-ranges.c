/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stddef.h>
#include <stdint.h>

#include "core/http/muster-byte-ranges.h"
#include "core/http/muster-entity-tag.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* Whatever is asked for, what is given lies within the file and is given once. */
static void
check_ranges (GArray *ranges, gint64 size)
{
  gint64 sum = 0;

  if (ranges->len == 0 || ranges->len > MUSTER_BYTE_RANGES_MAX)
    g_error ("%u ranges", ranges->len);
  for (guint i = 0; i < ranges->len; i++)
    {
      const MusterByteRange *range = &g_array_index (ranges, MusterByteRange, i);

      if (range->first < 0 || range->first > range->last || range->last >= size)
        g_error ("a range outside of the file");
      sum += range->last - range->first + 1;
    }
  if (sum > size)
    g_error ("more bytes than the file has");
}

/* The first byte chooses how large the file is; the rest is a header. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static const gint64 sizes[] = { 0, 1, 10, 100, 4096, (gint64)1 << 40, G_MAXINT64 };
  gint64              length = size > 0 ? sizes[data[0] % G_N_ELEMENTS (sizes)] : 0;
  g_autofree char    *text =
    g_strndup (size > 0 ? (const char *)data + 1 : "", size > 0 ? size - 1 : 0);
  g_autoptr (GArray) ranges = NULL;

  if (muster_byte_ranges_parse (text, length, &ranges) == MUSTER_BYTE_RANGES_PARTS)
    check_ranges (ranges, length);
  if (!muster_entity_tag_list_has (text, "abc", FALSE) &&
      muster_entity_tag_list_has (text, "abc", TRUE))
    g_error ("a strong match that is no weak one");
  return 0;
}
