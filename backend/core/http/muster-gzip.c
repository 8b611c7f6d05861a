/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-gzip"

#include "config.h"

#include <gio/gio.h>
#include <string.h>

#include "muster-gzip.h"

/* Fast: JSON shrinks to a fifth at any level, and the main thread has other things to do. */
#define LEVEL 1

gboolean
muster_gzip_is_accepted (const char *accept_encoding)
{
  g_auto (GStrv) codings = accept_encoding != NULL ? g_strsplit (accept_encoding, ",", 32) : NULL;

  for (char **coding = codings; coding != NULL && *coding != NULL; coding++)
    {
      char  *quality = strchr (*coding, ';');
      double q = 1;

      if (quality != NULL)
        {
          *quality++ = '\0';
          quality = g_strstrip (quality);
          q = g_str_has_prefix (quality, "q=") ? g_ascii_strtod (quality + 2, NULL) : 1;
        }
      if (q > 0 && g_ascii_strcasecmp (g_strstrip (*coding), "gzip") == 0)
        return TRUE;
    }
  return FALSE;
}

GBytes *
muster_gzip_compress (GBytes *bytes)
{
  g_autoptr (GConverter) compressor =
              G_CONVERTER (g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, LEVEL));
  gsize            length;
  const char      *data = g_bytes_get_data (bytes, &length);
  g_autofree char *out = g_malloc (length);
  gsize            consumed = 0, produced = 0;
  GConverterResult result = G_CONVERTER_CONVERTED;

  while (result == G_CONVERTER_CONVERTED && produced < length)
    {
      gsize n_read = 0, n_written = 0;

      result = g_converter_convert (compressor, data + consumed, length - consumed, out + produced,
                                    length - produced, G_CONVERTER_INPUT_AT_END, &n_read,
                                    &n_written, NULL);
      consumed += n_read;
      produced += n_written;
    }
  return result == G_CONVERTER_FINISHED ? g_bytes_new_take (g_steal_pointer (&out), produced)
                                        : NULL;
}
