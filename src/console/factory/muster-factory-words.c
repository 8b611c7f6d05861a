/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-factory-words"

#include "config.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#include "model/muster-firmware-artifact.h"
#include "model/muster-flash-batch.h"
#include "muster-factory-words.h"

#define BY_ID "/dev/serial/by-id/"

/* udev names a port "usb-VENDOR_MODEL_SERIAL-if00" or "…-if00-port0". */
static void
cut_interface (char *name)
{
  char *end = g_strrstr (name, "-if");

  if (end != NULL && g_ascii_isdigit (end[3]))
    *end = '\0';
}

char *
muster_port_dup_name (const char *port)
{
  g_autofree char *name = NULL;
  const char      *begin;

  g_return_val_if_fail (port != NULL, NULL);

  if (!g_str_has_prefix (port, BY_ID))
    return g_strdup (g_str_has_prefix (port, "/dev/") ? port + strlen ("/dev/") : port);
  name = g_strdup (port + strlen (BY_ID));
  cut_interface (name);
  begin = g_str_has_prefix (name, "usb-") ? name + strlen ("usb-") : name;
  return g_strstrip (g_strdelimit (g_strdup (begin), "_", ' '));
}

char *
muster_board_dup_name (MusterEntity *record)
{
  const char      *serial = muster_entity_get_string (record, "serial");
  g_autofree char *port = NULL;

  if (serial != NULL)
    return g_strdup (serial);
  port = muster_port_dup_name (muster_entity_get_string (record, "port"));
  /* Translators: the port that a board without a serial number is on. */
  return g_strdup_printf (_ ("Board on %s"), port);
}

char *
muster_flash_tidy_log (const char *text, gssize length)
{
  g_autofree char *valid = NULL;
  g_auto (GStrv) lines = NULL;
  g_autoptr (GString) tidy = g_string_new (NULL);

  g_return_val_if_fail (text != NULL, NULL);

  valid = g_utf8_make_valid (text, length);
  lines = g_strsplit (valid, "\n", -1);
  for (unsigned i = 0; lines[i] != NULL; i++)
    {
      size_t      size = strlen (lines[i]);
      const char *last;

      /* The carriage return of a DOS line end writes over nothing. */
      while (size > 0 && lines[i][size - 1] == '\r')
        lines[i][--size] = '\0';
      last = strrchr (lines[i], '\r');
      g_string_append (tidy, last != NULL ? last + 1 : lines[i]);
      if (lines[i + 1] != NULL)
        g_string_append_c (tidy, '\n');
    }
  return g_string_free_and_steal (g_steal_pointer (&tidy));
}

gboolean
muster_flash_read_address (const char *text, gint64 *address)
{
  g_autofree char *word = NULL;
  char            *end = NULL;
  guint64          value;
  gboolean         is_hex;

  g_return_val_if_fail (text != NULL && address != NULL, FALSE);

  word = g_strstrip (g_strdup (text));
  *address = 0;
  if (*word == '\0')
    return TRUE;
  is_hex = g_ascii_strncasecmp (word, "0x", 2) == 0;
  if (!g_ascii_isxdigit (word[is_hex ? 2 : 0]))
    return FALSE;
  errno = 0;
  value = g_ascii_strtoull (word, &end, is_hex ? 16 : 10);
  if (errno != 0 || *end != '\0' || value > G_MAXUINT32)
    return FALSE;
  *address = (gint64)value;
  return TRUE;
}

int
muster_flash_suggest_tool (int format)
{
  switch ((MusterArtifactFormat)format)
    {
    case MUSTER_FORMAT_HEX:
      return MUSTER_FLASH_AVRDUDE;
    case MUSTER_FORMAT_UF2:
      return MUSTER_FLASH_PICOTOOL;
    case MUSTER_FORMAT_UNKNOWN:
    case MUSTER_FORMAT_IMAGE:
    case MUSTER_FORMAT_SWU:
    case MUSTER_FORMAT_RAUCB:
    case MUSTER_FORMAT_BIN:
    default:
      return MUSTER_FLASH_ESPTOOL;
    }
}

char *
muster_flash_describe_button (unsigned n_boards)
{
  if (n_boards == 0)
    return g_strdup (_ ("_Flash Boards"));
  return g_strdup_printf (ngettext ("_Flash %u Board", "_Flash %u Boards", n_boards), n_boards);
}
