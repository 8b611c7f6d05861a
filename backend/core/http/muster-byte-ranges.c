/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "muster-byte-ranges.h"

/* Digits to a number; those too large for it are as large as it goes. FALSE without any. */
static gboolean
take_number (const char **text, gint64 *value)
{
  if (!g_ascii_isdigit (**text))
    return FALSE;
  for (*value = 0; g_ascii_isdigit (**text); (*text)++)
    *value =
      *value > (G_MAXINT64 - 9) / 10 ? G_MAXINT64 : *value * 10 + g_ascii_digit_value (**text);
  return TRUE;
}

static void
skip_space (const char **text)
{
  *text += strspn (*text, " \t");
}

/* One of them, cut to SIZE: FIRST beyond LAST when nothing of it is within. FALSE for what is no
 * range at all. */
static gboolean
take_range (const char **text, gint64 size, MusterByteRange *range)
{
  gint64 count;

  if (**text == '-')
    {
      (*text)++;
      if (!take_number (text, &count))
        return FALSE;
      *range = (MusterByteRange){ MAX (0, size - count), size - 1 };
      return TRUE;
    }
  if (!take_number (text, &range->first) || *(*text)++ != '-')
    return FALSE;
  if (!take_number (text, &range->last))
    range->last = G_MAXINT64;
  else if (range->last < range->first)
    return FALSE;
  range->last = MIN (range->last, size - 1);
  return TRUE;
}

static int
compare_ranges (gconstpointer a, gconstpointer b)
{
  gint64 first = ((const MusterByteRange *)a)->first, other = ((const MusterByteRange *)b)->first;

  return first < other ? -1 : first > other;
}

static gboolean
ranges_overlap (GArray *sorted)
{
  for (guint i = 1; i < sorted->len; i++)
    if (g_array_index (sorted, MusterByteRange, i).first <=
        g_array_index (sorted, MusterByteRange, i - 1).last)
      return TRUE;
  return FALSE;
}

static GArray *
merge_sorted (GArray *sorted)
{
  GArray *merged = g_array_new (FALSE, FALSE, sizeof (MusterByteRange));

  for (guint i = 0; i < sorted->len; i++)
    {
      MusterByteRange  range = g_array_index (sorted, MusterByteRange, i);
      MusterByteRange *before =
        merged->len > 0 ? &g_array_index (merged, MusterByteRange, merged->len - 1) : NULL;

      if (before != NULL && range.first <= before->last)
        before->last = MAX (before->last, range.last);
      else
        g_array_append_val (merged, range);
    }
  return merged;
}

/* FALSE when it is not well-formed, or has too many. */
static gboolean
take_set (const char *text, gint64 size, GArray *ranges)
{
  unsigned n = 0;

  for (skip_space (&text); *text != '\0'; skip_space (&text))
    {
      MusterByteRange range = { 0 };

      if (*text == ',')
        {
          text++;
          continue;
        }
      if (++n > MUSTER_BYTE_RANGES_MAX || !take_range (&text, size, &range))
        return FALSE;
      skip_space (&text);
      if (*text != ',' && *text != '\0')
        return FALSE;
      if (range.first <= range.last)
        g_array_append_val (ranges, range);
    }
  return n > 0;
}

MusterByteRangesKind
muster_byte_ranges_parse (const char *text, gint64 size, GArray **ranges)
{
  g_autoptr (GArray) found = NULL;
  g_autoptr (GArray) sorted = NULL;

  if (text == NULL || g_ascii_strncasecmp (text, "bytes=", strlen ("bytes=")) != 0)
    return MUSTER_BYTE_RANGES_WHOLE;
  found = g_array_new (FALSE, FALSE, sizeof (MusterByteRange));
  if (!take_set (text + strlen ("bytes="), size, found) || found->len == 0)
    return MUSTER_BYTE_RANGES_REFUSED;
  sorted = g_array_copy (found);
  g_array_sort (sorted, compare_ranges);
  *ranges = ranges_overlap (sorted) ? merge_sorted (sorted) : g_steal_pointer (&found);
  return MUSTER_BYTE_RANGES_PARTS;
}
