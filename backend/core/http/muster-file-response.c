/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-file-response"

#include "config.h"

#include <string.h>
#include <unistd.h>

#include "muster-byte-ranges.h"
#include "muster-entity-tag.h"
#include "muster-file-response.h"
#include "muster-part-stream.h"
#include "muster-request-private.h"

/* Unix seconds of the date in the header NAME; -1 without one that can be read. */
static gint64
get_date (MusterRequest *request, const char *name)
{
  const char *text = muster_request_get_header (request, name);
  g_autoptr (GDateTime) date = text != NULL ? soup_date_time_new_from_http_string (text) : NULL;

  return date != NULL ? g_date_time_to_unix (date) : -1;
}

/* In the order of RFC 9110 §13.2.2: a date counts only where no tag is told. 0: go on. */
static unsigned
check_preconditions (MusterRequest *request, const char *tag, gint64 modified)
{
  const char *match = muster_request_get_header (request, "If-Match");
  const char *none_match = muster_request_get_header (request, "If-None-Match");
  gint64      since;

  if (match != NULL && !muster_entity_tag_list_has (match, tag, TRUE))
    return 412;
  since = match == NULL ? get_date (request, "If-Unmodified-Since") : -1;
  if (since >= 0 && modified > since)
    return 412;
  if (none_match != NULL)
    return muster_entity_tag_list_has (none_match, tag, FALSE) ? 304 : 0;
  since = get_date (request, "If-Modified-Since");
  return since >= 0 && modified > 0 && modified <= since ? 304 : 0;
}

/* Whether the part that the client has is of this file: without If-Range it is sure of it. */
static gboolean
check_if_range (MusterRequest *request, const char *tag, gint64 modified)
{
  const char *text = muster_request_get_header (request, "If-Range");

  if (text == NULL)
    return TRUE;
  if (strchr (text, '"') != NULL)
    return strcmp (text, "*") != 0 && muster_entity_tag_list_has (text, tag, TRUE);
  return modified > 0 && get_date (request, "If-Range") == modified;
}

static char *
format_content_range (const MusterByteRange *range, gint64 size)
{
  return g_strdup_printf ("bytes %" G_GINT64_FORMAT "-%" G_GINT64_FORMAT "/%" G_GINT64_FORMAT,
                          range->first, range->last, size);
}

static MusterResponse *
make_stream (const MusterFile *file, unsigned status, MusterPartStream *stream)
{
  return muster_response_new_stream (status, file->media_type, G_INPUT_STREAM (stream),
                                     muster_part_stream_get_length (stream));
}

static MusterResponse *
make_single (const MusterFile *file, MusterPartStream *stream, const MusterByteRange *range)
{
  g_autofree char *text = format_content_range (range, file->size);
  MusterResponse  *response;

  muster_part_stream_add_range (stream, range->first, range->last - range->first + 1);
  response = make_stream (file, 206, stream);
  muster_response_set_header (response, "Content-Range", text);
  return response;
}

/* RFC 9110 §14.6. No file has this boundary in it but by a chance of 2^-128. */
static MusterResponse *
make_multiple (const MusterFile *file, MusterPartStream *stream, GArray *ranges)
{
  g_autofree char *boundary = g_strdup_printf ("muster-%08x%08x%08x%08x", g_random_int (),
                                               g_random_int (), g_random_int (), g_random_int ());
  g_autofree char *type = g_strdup_printf ("multipart/byteranges; boundary=%s", boundary);
  g_autofree char *end = g_strdup_printf ("\r\n--%s--\r\n", boundary);
  MusterResponse  *response;

  for (guint i = 0; i < ranges->len; i++)
    {
      const MusterByteRange *range = &g_array_index (ranges, MusterByteRange, i);
      g_autofree char       *content_range = format_content_range (range, file->size);
      g_autofree char       *head =
        g_strdup_printf ("%s--%s\r\nContent-Type: %s\r\nContent-Range: %s\r\n\r\n",
                         i > 0 ? "\r\n" : "", boundary, file->media_type, content_range);

      muster_part_stream_add_text (stream, head);
      muster_part_stream_add_range (stream, range->first, range->last - range->first + 1);
    }
  muster_part_stream_add_text (stream, end);
  response = make_stream (file, 206, stream);
  muster_response_set_header (response, "Content-Type", type);
  return response;
}

static MusterResponse *
make_refused (gint64 size)
{
  g_autofree char *range = g_strdup_printf ("bytes */%" G_GINT64_FORMAT, size);
  MusterResponse  *response = muster_response_new (416);

  muster_response_set_header (response, "Content-Range", range);
  return response;
}

static MusterResponse *
make_body (MusterRequest    *request,
           const MusterFile *file,
           MusterPartStream *stream,
           gint64            modified)
{
  g_autoptr (GArray) ranges = NULL;
  const char *text = NULL;

  /* Of other methods than GET it has no meaning. */
  if (strcmp (muster_request_get_method (request), "GET") == 0 &&
      check_if_range (request, file->tag, modified))
    text = muster_request_get_header (request, "Range");
  switch (muster_byte_ranges_parse (text, file->size, &ranges))
    {
    case MUSTER_BYTE_RANGES_REFUSED:
      return make_refused (file->size);
    case MUSTER_BYTE_RANGES_PARTS:
      return ranges->len == 1
               ? make_single (file, stream, &g_array_index (ranges, MusterByteRange, 0))
               : make_multiple (file, stream, ranges);
    case MUSTER_BYTE_RANGES_WHOLE:
    default:
      muster_part_stream_add_range (stream, 0, file->size);
      return make_stream (file, 200, stream);
    }
}

static void
add_validators (MusterResponse *response, const MusterFile *file, gint64 modified)
{
  muster_response_set_header (response, "Accept-Ranges", "bytes");
  if (file->tag != NULL)
    {
      g_autofree char *quoted = g_strdup_printf ("\"%s\"", file->tag);

      muster_response_set_header (response, "ETag", quoted);
    }
  if (modified > 0)
    {
      g_autoptr (GDateTime) date = g_date_time_new_from_unix_utc (modified);
      g_autofree char *text = soup_date_time_to_string (date, SOUP_DATE_HTTP);

      muster_response_set_header (response, "Last-Modified", text);
    }
}

MusterResponse *
muster_response_new_file (MusterRequest *request, const MusterFile *file)
{
  g_autoptr (MusterPartStream) stream = NULL;
  MusterResponse *response;
  unsigned        refusal;
  gint64          modified;

  g_return_val_if_fail (file != NULL && file->fd >= 0 && file->media_type != NULL, NULL);
  g_return_val_if_fail (MUSTER_IS_REQUEST (request), NULL);

  stream = muster_part_stream_new (file->fd);
  modified = file->modified / G_USEC_PER_SEC;
  refusal = check_preconditions (request, file->tag, modified);
  response =
    refusal != 0 ? muster_response_new (refusal) : make_body (request, file, stream, modified);
  add_validators (response, file, modified);
  return response;
}
